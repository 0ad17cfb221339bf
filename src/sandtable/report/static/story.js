/* What happened: the story of the replication that is shown, in dated paragraphs with the record
   beside them. It follows the day: a date leads there, and the day's paragraphs stand out. */
"use strict";

(function () {
  const {state, on, set, data, element, runs} = sandtable;
  const {link} = sandtable.cards;
  const SELECTED = ["formation", "place", "axis", "claim"];
  const box = document.getElementById("story");

  function piece(part, names) {
    if (typeof part === "string") return part;
    const [kind, id, text] = names[part];
    return SELECTED.includes(kind) ? link(kind, id, text) : text;
  }

  /* A sentence, and the record's words in brackets. */
  function sentence([words, record], names) {
    const told = [...words.map((part) => piece(part, names)), " "];
    if (record.length) {
      told.push(element("span", {class: "record"}, "[", ...record.map((part) => piece(part, names)), "]"), " ");
    }
    return told;
  }

  function paragraph([, , , about, sentences], names) {
    const head = about ? [element("strong", {}, `${about}.`), " "] : [];
    return element("p", {}, ...head, ...sentences.flatMap((one) => sentence(one, names)));
  }

  function list([, , , , sentences], names) {
    return element("ul", {}, ...sentences.map((one) => element("li", {}, ...sentence(one, names))));
  }

  /* The paragraphs of one story below the headings of its chapters and dates. */
  function chapters(story, names) {
    const made = [];
    let chapter = "", date = "", day = null;
    for (const one of story) {
      if (one[2] !== chapter) {
        [chapter, date] = [one[2], ""];
        made.push(element("h3", {}, chapter));
      }
      if (one[0] === null) {
        made.push(list(one, names));
        continue;
      }
      if (one[1] !== date) {
        date = one[1];
        const at = one[0];
        const heading = element("button", {type: "button", class: "date", on: {click: () => set({day: at})}}, date);
        day = element("div", {class: "of-day", "data-day": at}, heading);
        made.push(day);
      }
      day.append(paragraph(one, names));
    }
    return made;
  }

  function column(run) {
    const {told, names} = data("story", run);
    const story = told[state.rep];
    const made = story === undefined
      ? [element("p", {class: "quiet"}, `Replication ${state.rep} is told by sandtable tell RUN --replication ${state.rep}.`)]
      : chapters(story, names);
    const label = runs > 1 ? data("pair").names[run] : "the replication that is shown";
    const head = runs > 1 ? [element("h3", {}, label)] : [];
    return element("div", {class: "told", tabindex: 0, role: "region", "aria-label": `The story of ${label}`},
      ...head, ...made);
  }

  function show() {
    box.replaceChildren(...[...Array(runs).keys()].map(column));
    follow();
  }

  /* Mark the paragraphs of the day that is shown, and bring them into view unless somebody reads. */
  function follow() {
    for (const told of box.children) {
      const days = [...told.querySelectorAll(".of-day")];
      const now = days.filter((one) => Number(one.dataset.day) <= state.day + 1e-3).pop() || days[0];
      if (now === undefined || now.classList.contains("now")) continue;
      for (const one of days) one.classList.toggle("now", one === now);
      if (!told.matches(":hover, :focus-within")) told.scrollTop = now.offsetTop;
    }
  }

  on("rep", show);
  on("day", follow);
})();
