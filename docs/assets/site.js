// The theme wraps each copy button in a landmark without a name, and each table in a frame that can
// be scrolled with a pointer alone. Both are made on the fly, so both are mended as they come.
function mend() {
  for (const nav of document.querySelectorAll(".md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    frame.setAttribute("tabindex", "0");
  }
}
mend();
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
