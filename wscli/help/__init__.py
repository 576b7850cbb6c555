"""The help pages: a Markdown file for each topic, how they are rendered, and the pager that shows them."""
