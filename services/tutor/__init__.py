"""The tutorial: made-up calls in the real app, and a coach that looks at what has really been done."""
