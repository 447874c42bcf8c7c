"""The one door for files that people wrote: flow files and session scripts, as YAML, JSON or JSON Lines.

`read` turns a file into documents, `parse` turns a document into what it stands for or says everything that is wrong
with it, each mistake as `file:line: what is wrong (where); how to mend it`.
"""

from services.documents.document import Data, Document, Mistake, Place, printable, quoted, refusal
from services.documents.parsing import parse
from services.documents.pieces import from_json, from_yaml
from services.documents.reading import SUFFIXES, read

__all__ = [
    "SUFFIXES",
    "Data",
    "Document",
    "Mistake",
    "Place",
    "from_json",
    "from_yaml",
    "parse",
    "printable",
    "quoted",
    "read",
    "refusal",
]
