/* Tables of claims, events, battles, assumptions and variants: sorted by a click on a heading; events
   and battles limited to the day, or to what is selected. */
"use strict";

(function () {
  const {state, on, data, element, momentText} = sandtable;
  const {quantities, link, persons, valueText, battleId, battleName, nameOf, words, range, withUnit} = sandtable.cards;
  const {number} = sandtable.charts;

  /* A table: its id, heading, whether it is of days, columns [heading, "number" or ""], and rows, a list
     of {cells: [{text, sort, kind, id}], day, about: ids that it has to do with}. */
  const TABLES = [
    ...(sandtable.runs > 1 ? [differencesTable()] : []),
    {
      id: "claims", title: "Claims", columns: [
        ["outcome"], ["record", "number"], ["claimant"], ["run: median", "number"],
        ["5 to 95 percent", "number"], ["verdict"],
      ],
      rows: () => [...data("claims").map(claimRow), ...data("evidence").unanswered.map(unansweredRow)],
    },
    {
      id: "events", title: "Events of the replication", dated: true, columns: [
        ["date", "number"], ["event"], ["formation"], ["place"], ["cause, detail"],
      ],
      rows: () => told("events").map(eventRow),
    },
    {
      id: "battles", title: "Battles of the replication", dated: true, columns: [
        ["begins", "number"], ["battle"], ["days", "number"], ["ratio", "number"], ["attackers", "number"],
        ["lost", "number"], ["defenders", "number"], ["lost", "number"], ["ended"],
      ],
      rows: () => told("battles").map(battleRow),
    },
    {
      id: "assumptions", title: "Assumptions", columns: [["quantity"], ["value", "number"], ["because"], ["until"]],
      rows: () => quantities().filter((use) => use.kind === "assumed").map(assumptionRow),
    },
    {
      id: "variants", title: "Variants", columns: [["variant"], ["question"]],
      rows: () => data("evidence").variants.map(variantRow),
    },
  ];

  /* What the second of two runs changes. */
  function differencesTable() {
    const {names, moved, same} = data("pair");
    const row = (one) => ({
      about: [one.outcome, ...one.outcome.split("/")],
      cells: [
        plain(one.label), plain(one.first), plain(one.second), plain(`${one.mean} ${one.unit}`, one.size),
        plain(one.error), plain(`${one.low} to ${one.high}`), plain(one.pairs, one.pairs),
        plain(one.occurs.map((share) => `${Math.round(100 * share)} %`).join(", ")),
      ],
    });
    return {
      id: "differences", title: `What changes; ${same} headline outcomes don't`, columns: [
        ["outcome"], [`mean, ${names[0]}`, "number"], [`mean, ${names[1]}`, "number"], ["difference", "number"],
        ["MC error", "number"], ["90 percent", "number"], ["pairs", "number"], ["occurs", "number"],
      ],
      rows: () => moved.map(row),
    };
  }

  function told(kind) {
    const replication = sandtable.replication();
    return replication === null ? [] : replication[kind];
  }

  /* ---- rows -------------------------------------------------------------------------------- */

  const plain = (text, sort = text) => ({text: text === null || text === undefined ? "" : String(text), sort});
  const count = (value) => plain(value === null ? "–" : number(value), value);
  const whole = (value) => plain(persons(value), value);
  const button = (kind, id, text) => ({text, sort: text, kind, id});
  const named = (kind, table, id) => (id ? button(kind, id, nameOf(table, id)) : plain(""));

  function claimRow(claim) {
    const [low, , middle, , high] = claim.quantiles;
    const spread = low === null ? "–" : `${valueText(claim, low)} to ${valueText(claim, high)}`;
    const [from] = claim.range;
    return {
      about: [claim.claim, ...Object.values(claim.about)],
      cells: [
        button("claim", claim.claim, claim.label), plain(withUnit(claim.record, claim), from),
        plain(claim.claimant), plain(withUnit(claim.median, claim), middle === "never" ? Infinity : middle),
        plain(spread, low === "never" ? Infinity : low), plain(claim.verdict),
      ],
    };
  }

  function unansweredRow(claim) {
    return {
      about: [claim.claim],
      cells: [
        button("claim", claim.claim, claim.label), plain(claim.record, null), plain(claim.claimant),
        plain("–", null), plain("–", null), plain(`not answered: ${claim.reason}`),
      ],
    };
  }

  function eventRow(event) {
    return {
      day: event.day, about: [event.formation, event.place, event.axis],
      cells: [
        plain(momentText(event.day), event.day), plain(event.kind),
        named("formation", "formations", event.formation), named("place", "places", event.place),
        plain([event.cause, event.text].filter(Boolean).map(words).join(", ")),
      ],
    };
  }

  function battleRow(one) {
    const cause = one.cause ? ` (${words(one.cause)})` : "";
    return {
      day: one.start, until: one.end === null ? Infinity : one.end, inner: one.place !== "",
      about: [one.place, battleId(one), ...one.attackers, ...one.defenders],
      cells: [
        plain(momentText(one.start), one.start), button("battle", battleId(one), battleName(one)),
        count(one.days), count(one.ratio), whole(one.attacker_committed), whole(one.attacker_casualties),
        whole(one.defender_committed), whole(one.defender_casualties), plain(`${one.decision}${cause}`),
      ],
    };
  }

  function assumptionRow(use) {
    return {
      about: [use.key, ...use.key.split(".")],
      cells: [
        button("assumption", use.key, use.key), plain(range(use.range, use.unit), use.range[0]),
        plain(use.because), plain(use.until),
      ],
    };
  }

  function variantRow(variant) {
    return {about: [variant.id], cells: [button("variant", variant.id, variant.id), plain(variant.question)]};
  }

  /* ---- sorting and filtering --------------------------------------------------------------- */

  /* Numbers before words, what is missing last. */
  function compare(a, b) {
    const missing = (value) => value === null || value === undefined || value === "";
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en");
  }

  function sorted(rows, {column, down}) {
    if (column === null) return rows;
    const missing = (row) => row.cells[column].sort === null || row.cells[column].sort === "";
    return [...rows].sort((a, b) => {
      if (missing(a) !== missing(b)) return missing(a) - missing(b);
      return (down ? -1 : 1) * compare(a.cells[column].sort, b.cells[column].sort);
    });
  }

  const DAYS = {
    all: () => true,
    until: (row) => row.day <= state.day + 1e-6,
    day: (row) => Math.floor(row.day) <= state.day && Math.floor(state.day) <= (row.until ?? row.day),
  };

  function kept(table) {
    const {selection} = state;
    return table.all.filter((row) => (!table.dated || DAYS[table.days.value](row))
      && (!table.own.checked || selection === null || row.about.includes(selection.id)));
  }

  /* ---- the section ------------------------------------------------------------------------- */

  function cell({text, kind, id}, number) {
    return element("td", {class: number ? "number" : null}, kind ? link(kind, id, text) : text);
  }

  function draw(table) {
    if (!table.box.open) return;
    const rows = sorted(kept(table), table.order);
    table.count.textContent = `${rows.length} of ${table.all.length}`;
    table.body.replaceChildren(...rows.map((row) => element("tr", {class: row.inner ? "inner" : null},
      ...row.cells.map((one, k) => cell(one, table.columns[k][1] === "number")))));
    table.heads.forEach((head, k) => {
      const way = table.order.down ? "descending" : "ascending";
      head.setAttribute("aria-sort", table.order.column === k ? way : "none");
    });
  }

  function sortBy(table, column) {
    const down = table.order.column === column && !table.order.down;
    table.order = {column, down};
    draw(table);
  }

  function make(table) {
    table.order = {column: null, down: false};
    table.all = table.rows();
    table.count = element("span", {class: "quiet", role: "status"});
    table.days = element("select", {"aria-label": `${table.title}: days`, on: {change: () => draw(table)}},
      element("option", {value: "all"}, "all days"),
      element("option", {value: "until"}, "until the day shown"),
      element("option", {value: "day"}, "on the day shown"));
    table.own = element("input", {type: "checkbox", id: `own-${table.id}`, on: {change: () => draw(table)}});
    table.heads = table.columns.map(([text, kind], k) => element("th", {scope: "col", class: kind || null},
      element("button", {type: "button", on: {click: () => sortBy(table, k)}}, text)));
    table.body = element("tbody");
    table.box = element("details", {class: "table", "data-table": table.id},
      element("summary", {}, element("h3", {}, table.title)),
      element("div", {class: "filters"}, table.dated ? table.days : null,
        element("label", {for: `own-${table.id}`}, table.own, " only what is selected"), table.count),
      element("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": table.title},
        element("table", {}, element("thead", {}, element("tr", {}, ...table.heads)), table.body)));
    table.box.addEventListener("toggle", () => draw(table));
    return table.box;
  }

  let drawn = null;

  /* The day as tables tell it apart: not at each of the thirty changes a second. */
  function onDay() {
    const now = state.day.toFixed(1);
    if (now === drawn) return;
    drawn = now;
    for (const table of TABLES) if (table.dated && table.days.value !== "all") draw(table);
  }

  function onReplication() {
    for (const table of TABLES) {
      if (!table.dated) continue;
      table.all = table.rows();
      draw(table);
    }
  }

  /* On paper everything stands open. */
  function print() {
    for (const box of document.querySelectorAll("details")) box.open = true;
    TABLES.forEach(draw);
  }

  const root = document.getElementById("tables");
  root.append(...TABLES.map(make));
  TABLES[0].box.open = true;
  on("day", onDay);
  on("rep", onReplication);
  on("selection", () => TABLES.filter((table) => table.own.checked).forEach(draw));
  window.addEventListener("beforeprint", print);
})();
