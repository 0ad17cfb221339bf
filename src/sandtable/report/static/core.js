/* The state of the page, and who is told when it changes. Loaded first.

   State, read as `sandtable.state`, changed by `sandtable.set({...})` alone:
     day        days from H-hour, 0 to the campaign's end, any fraction
     rep        number of the replication that is shown
     selection  {kind, id} of what was clicked, or null. Kinds: "formation", "place", "axis",
                "battle" (id "NUMBER/PLACE"), "claim" (id of the claim), "assumption", "variant"
     brush      which marked replications are kept: {label, members, code}, members being a Set of
                indices into the lists of members of run 0, code what stands for it in the address;
                null for all
   `sandtable.on(key, f)` calls f(state) after every change of that key. Keys are told apart:
   a change of `day` while the campaign plays comes some thirty times a second.

   Data, made by the modules sandtable.report.*_data, whose docstrings say what is in it:
     sandtable.data(name, run)   "names", "time", "ground", "members", "fronts", "captures",
                                 "replications", "claims", ... of run 0, or of run 1 in a report
                                 of two
     sandtable.runs              how many runs there are
   Read out of it: `replication`, `frontAt`, `memberAt`, `held`, `dateText` and so on, below.

   Elements: `sandtable.element` and `sandtable.svg` make them, with text as text: no script
   ever writes HTML. */
"use strict";

const sandtable = (function () {
  const listeners = new Map();
  const state = {day: 0, rep: 0, selection: null, brush: null};
  const parsed = new Map();

  function same(a, b) {
    return a === b || (a && b && a.kind !== undefined && a.kind === b.kind && a.id === b.id);
  }

  function set(change) {
    const changed = Object.keys(change).filter((key) => !same(state[key], change[key]));
    Object.assign(state, change);
    for (const key of changed) {
      for (const listener of listeners.get(key) || []) listener(state);
    }
  }

  function on(key, listener) {
    if (!listeners.has(key)) listeners.set(key, []);
    listeners.get(key).push(listener);
  }

  function data(name, run = 0) {
    const id = `${name}-${run}`;
    if (!parsed.has(id)) {
      const block = document.getElementById(id);
      parsed.set(id, block === null ? null : JSON.parse(block.textContent));
    }
    return parsed.get(id);
  }

  const runs = data("time", 1) === null ? 1 : 2;

  /* ---- elements -------------------------------------------------------------------------- */

  function filled(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") {
        for (const [kind, listener] of Object.entries(value)) made.addEventListener(kind, listener);
      } else if (value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  /* element("button", {class: "x", on: {click: f}}, "text", child, ...) */
  function element(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
  }

  function svg(tag, attributes = {}, ...children) {
    return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  }

  /* ---- time ------------------------------------------------------------------------------ */

  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const MINUTES = 1440;

  /* The moment so many days from H-hour. The browser's own zone has no part in it. */
  function moment(day, run = 0) {
    const told = data("time", run).h_hour;
    const start = Date.parse(`${told}:00Z`) / 60000;
    return new Date((start + Math.round(day * MINUTES)) * 60000);
  }

  /* "9 Aug" */
  function dateText(day, run = 0) {
    const at = moment(day, run);
    return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  }

  /* "9 Aug 1945, 01:00" */
  function momentText(day, run = 0) {
    const at = moment(day, run);
    const clock = at.toISOString().slice(11, 16);
    return `${dateText(day, run)} ${at.getUTCFullYear()}, ${clock}`;
  }

  /* The part of the campaign (a phase, or all of it) that a day belongs to: the last begun. */
  function partAt(day, run = 0) {
    const parts = data("time", run).parts;
    let found = 0;
    parts.forEach((part, index) => {
      if (part.start <= day) found = index;
    });
    return found;
  }

  const days = Math.max(...[0, 1].slice(0, runs).map((run) => data("time", run).days));

  /* ---- replications ---------------------------------------------------------------------- */

  const unfolded = new Map();

  function unfold(rows, columns, words) {
    const texts = new Set([
      "kind", "formation", "axis", "place", "side", "cause", "text", "name", "coalition",
      "columns", "attackers", "defenders", "decision", "toward", "status",
    ]);
    const read = (cell) => (Array.isArray(cell) ? cell.map((word) => words[word]) : words[cell]);
    return rows.map((row) => Object.fromEntries(
      columns.map((name, k) => [name, texts.has(name) ? read(row[k]) : row[k]]),
    ));
  }

  /* Rows made whole: what one leaves out at its end is as in the row before. */
  function whole(rows) {
    return rows.map((row, k) => {
      const full = k ? [...row, ...rows[k - 1].slice(row.length)] : row;
      rows[k] = full;
      return full;
    });
  }

  function tracksOf(told, {track_columns: columns, words}) {
    return new Map(Object.entries(told).map(([id, rows]) => [id, unfold(whole(rows), columns, words)]));
  }

  /* {number, called, events, battles, tracks} of a replication that is told in full: events and
     battles as objects with the columns of the run's folder, tracks a Map of such lists by
     formation. null for one that is not. */
  function replication(number = state.rep, run = 0) {
    const key = `${run}/${number}`;
    if (!unfolded.has(key)) {
      const all = data("replications", run);
      const told = all.told.find((one) => one.number === number);
      unfolded.set(key, told === undefined ? null : {
        number,
        called: told.called,
        events: unfold(told.events, all.event_columns, all.words),
        battles: unfold(told.battles, all.battle_columns, all.words),
        tracks: tracksOf(told.tracks, all),
      });
    }
    return unfolded.get(key);
  }

  const OVER = new Set(["surrendered", "destroyed"]);

  /* The point of a row of a track, in units of the ground; null off the map. */
  function pointOf(row, places) {
    const here = places[row.place];
    if (here === undefined) return null;
    const there = places[row.toward] || here;
    return {x: here.x + row.share * (there.x - here.x), y: here.y + row.share * (there.y - here.y)};
  }

  /* How a formation stands: the row of its track that holds, with `x` and `y`, between two rows
     on the straight line. null where nothing is known, off the map, and once it is no more. */
  function standing(id, day = state.day, number = state.rep, run = 0) {
    const told = replication(number, run);
    const rows = told === null ? undefined : told.tracks.get(id);
    if (rows === undefined || rows[0].day > day) return null;
    let k = rows.length - 1;
    while (rows[k].day > day) k -= 1;
    const {places} = data("names", run);
    const point = pointOf(rows[k], places);
    if (point === null || OVER.has(rows[k].status)) return null;
    const next = rows[k + 1];
    const ahead = next === undefined ? null : pointOf(next, places);
    if (ahead !== null && sandtable.partAt(next.day, run) === sandtable.partAt(rows[k].day, run)) {
      /* Rows are kept at the end of a day if anything changed in it: before, it hasn't moved. */
      const [index] = between(next.day - 1e-6, run);
      const from = Math.max(rows[k].day, data("time", run).moments[index]);
      const share = Math.min(1, Math.max(0, (day - from) / (next.day - from || 1)));
      point.x += share * (ahead.x - point.x);
      point.y += share * (ahead.y - point.y);
    }
    return {...rows[k], ...point};
  }

  /* Index of a replication among the members, -1 if it isn't one. */
  function memberOf(number = state.rep, run = 0) {
    return data("members", run).numbers.indexOf(number);
  }

  /* Indices of the members that the brush keeps. */
  function kept(run = 0) {
    const {numbers} = data("members", run);
    const all = numbers.map((_, index) => index);
    return state.brush === null ? all : all.filter((index) => state.brush.members.has(memberOf(numbers[index])));
  }

  /* ---- fronts and places ------------------------------------------------------------------ */

  /* Where a day stands between the moments of the daily series: index and share beyond it. */
  function between(day, run = 0) {
    const moments = data("time", run).moments;
    let index = 0;
    while (index < moments.length - 2 && moments[index + 1] <= day) index += 1;
    const length = moments[index + 1] - moments[index];
    return [index, length > 0 ? Math.min(1, Math.max(0, (day - moments[index]) / length)) : 0];
  }

  function along(read, day, run) {
    const [index, share] = between(day, run);
    return read(index) * (1 - share) + read(index + 1) * share;
  }

  /* Km along an axis of a quantile of the front (level: index into fronts.levels). */
  function frontAt(axis, level, day = state.day, run = 0) {
    const front = data("fronts", run).axes[axis];
    return front.step * along((index) => front.quantiles[level][index], day, run);
  }

  const summed = new Map();

  /* Where the front of a member stands at each moment from the first on, in steps. */
  function stepsOf(front, member) {
    const gained = front.members[member];
    if (!summed.has(gained)) {
      let sum = 0;
      summed.set(gained, gained.map((steps) => (sum += steps)));
    }
    return summed.get(gained);
  }

  /* Km along an axis of the front of a member, by its index. */
  function memberAt(axis, member, day = state.day, run = 0) {
    const front = data("fronts", run).axes[axis];
    const steps = stepsOf(front, member);
    const read = (index) => steps[Math.min(Math.max(0, index - front.first), steps.length - 1)];
    return front.step * along(read, day, run);
  }

  /* The quantile (share 0-1) of sorted numbers, linear between them. */
  function quantile(sorted, share) {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (sorted[Math.ceil(place)] - sorted[low]) * (place - low);
  }

  /* Km of the 5, 50 and 95 percent points of the front: of all replications, or of the brushed. */
  function bandAt(axis, day = state.day, run = 0) {
    if (state.brush === null) return [0, 2, 4].map((level) => frontAt(axis, level, day, run));
    const found = kept(run).map((member) => memberAt(axis, member, day, run)).sort((a, b) => a - b);
    return found.length ? [0.05, 0.5, 0.95].map((share) => quantile(found, share)) : [0, 0, 0];
  }

  /* Share (0-1) of the kept members in which a place has been taken by a day of its part. */
  function takenShare(place, day = state.day, run = 0) {
    const taken = data("captures", run)[partAt(day, run)].days[place];
    if (taken === undefined) return 0;
    const members = kept(run);
    const count = members.filter((index) => taken[index] !== null && taken[index] <= day).length;
    return members.length ? count / members.length : 0;
  }

  /* ---- the address ------------------------------------------------------------------------ */

  const READ = {day: Number.parseFloat, rep: (text) => Number.parseInt(text, 10)};

  function fromAddress() {
    const told = new URLSearchParams(location.hash.slice(1));
    const change = {};
    for (const [key, read] of Object.entries(READ)) {
      const value = read(told.get(key));
      if (Number.isFinite(value)) change[key] = value;
    }
    if (change.day !== undefined) change.day = Math.min(days, Math.max(0, change.day));
    if (change.rep !== undefined && memberOf(change.rep) < 0 && replication(change.rep) === null) {
      delete change.rep;
    }
    const [kind, ...id] = (told.get("select") || "").split(":");
    if (id.length) change.selection = {kind, id: id.join(":")};
    return change;
  }

  let timer = null;

  /* Not at once: a browser refuses a page that changes its address at every frame. */
  function toAddress() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const told = new URLSearchParams({day: Number(state.day.toFixed(2)), rep: state.rep});
      if (state.selection) told.set("select", `${state.selection.kind}:${state.selection.id}`);
      if (state.brush) told.set("brush", state.brush.code);
      const hash = `#${told.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
      if (hash !== location.hash) history.replaceState(null, "", hash);
    }, 250);
  }

  /* Called once all scripts are loaded: the state as the address has it. */
  function start() {
    const first = data("replications").told[0].number;
    set({rep: first, ...fromAddress()});
    for (const key of listeners.keys()) for (const listener of listeners.get(key)) listener(state);
    for (const key of ["day", "rep", "selection", "brush"]) on(key, toAddress);
    window.addEventListener("hashchange", () => set(fromAddress()));
  }

  document.addEventListener("DOMContentLoaded", start);

  return {
    state, set, on, data, runs, days, element, svg, moment, dateText, momentText, partAt,
    replication, standing, memberOf, kept, between, frontAt, memberAt, bandAt, quantile, takenShare,
  };
})();
