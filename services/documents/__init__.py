"""The one door for files that people wrote: flow files and session scripts, as YAML, JSON or JSON Lines.

`reading.read` turns a file into documents; `parsing.parse` turns a document into what it stands for, or says everything
that is wrong with it, each mistake as `file:line: what is wrong (where); how to mend it`.
"""
