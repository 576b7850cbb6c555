"""The help pages: a Markdown file for each topic, how they are rendered, the pager that shows them; and the examples of verbs."""
