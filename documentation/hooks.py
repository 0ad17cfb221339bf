"""What the documentation site takes from elsewhere in the project, as hooks of mkdocs.

Pages link to files outside docs/, as a code host shows them: these come along, under the paths
that they have in the project. Notebooks become pages.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import notebook_page

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<=\]\()(\.\.?/[^)\s#]+)")
"""The target of a relative link or image in Markdown, without its anchor."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each notebook, and the project's files to which pages link."""
    for file in [*files]:
        if file.src_uri.endswith(".ipynb"):
            content = notebook_page.render_markdown(file.content_string)
            name = file.src_uri.replace(".ipynb", ".md")
            files.append(File.generated(config, name, content=content))
    for page in [*files.documentation_pages()]:
        for path in sorted(set(map(_outside(page), LINK.findall(page.content_string)))):
            if path and files.get_file_from_path(path) is None and (ROOT / path).is_file():
                source = ROOT / path
                files.append(File.generated(config, path, abs_src_path=str(source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs/ to the files that came along."""
    outside = _outside(page.file)
    here = posixpath.dirname(page.file.src_uri)

    def led(link: re.Match[str]) -> str:
        path = outside(link[1])
        return posixpath.relpath(path, here) if path else link[1]

    return LINK.sub(led, markdown)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Mend what those who hear the page would stumble over.

    The theme's search is a dialog without a name; an empty cell at a table's corner heads nothing.
    """
    nameless = 'data-md-component="search" role="dialog"'
    return output.replace(nameless, f'{nameless} aria-label="Search"').replace(
        "<th></th>", "<td></td>"
    )


def on_post_build(config: MkDocsConfig) -> None:
    """Take away the page of a server that finds none: its paths hold at a server's root alone."""
    (Path(config.site_dir) / "404.html").unlink()


def _outside(page: File) -> Any:
    """Return what tells the path in the project of a link that leads out of docs/; else ''."""
    folder = posixpath.dirname(page.src_uri)
    # What came along has the path in the site that it has in the project.
    if not (ROOT / page.src_uri).is_file():
        folder = posixpath.join("docs", folder)

    def path(link: str) -> str:
        target = posixpath.normpath(posixpath.join(folder, link))
        return "" if target.startswith("docs/") else target

    return path
