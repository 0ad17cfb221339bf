/* The brush: a histogram of an outcome over the replications, with the recorded claims; a range of
   it, drawn with the pointer or set by two sliders, keeps the replications that map and charts show.
   Uses the data "outcomes", "claims", "members". Publishes `brush`. */
"use strict";

sandtable.brush = (function () {
  const {state, set, data, element, svg, dateText} = sandtable;
  const {number, scales, ticks, BOX} = sandtable.charts;
  const BINS = 20;
  const ROW = 9;
  const RIGHT = 22;

  /* ---- an outcome in bins -------------------------------------------------------------------- */

  /* Bins of an outcome: edges, members in each, and one more for "never" if any member has it. */
  function binned(outcome) {
    const told = outcome.values.filter((value) => value !== null);
    const low = Math.min(...told);
    const high = Math.max(...told);
    const width = (high - low) / BINS || 1;
    const bins = Array.from({length: BINS}, () => []);
    const never = [];
    outcome.values.forEach((value, member) => {
      if (value === null) never.push(member);
      else bins[Math.min(BINS - 1, Math.floor((value - low) / width))].push(member);
    });
    const edges = bins.map((_, k) => low + k * width).concat([low + BINS * width]);
    return {edges, bins: never.length ? [...bins, never] : bins, never: never.length > 0};
  }

  const isMoment = (outcome) => outcome.kind === "time of event";

  function text(outcome, value) {
    return isMoment(outcome) ? dateText(value) : number(value);
  }

  /* "9 Aug to 12 Aug", of the bins from first to last. */
  function rangeText(outcome, {edges, bins, never}, first, last) {
    const ends = never && last === bins.length - 1;
    if (ends && first === last) return "never";
    const high = ends ? "never" : text(outcome, edges[last + 1]);
    return `${text(outcome, edges[first])} to ${high}`;
  }

  /* ---- the histogram ------------------------------------------------------------------------- */

  /* Draw an outcome: bars of its bins, claims above them. `at(x)` tells the bin at a place. */
  function histogram(outcome, found, claims, chosen = null) {
    const {edges, bins, never} = found;
    const room = ROW * Math.min(claims.length, 8);
    const height = BOX.height + room;
    const across = BOX.width - BOX.left - RIGHT;
    const cell = across / (BINS + (never ? 2 : 0));
    const x = (k) => BOX.left + cell * (k === BINS && never ? BINS + 0.6 : k);
    const most = Math.max(...bins.map((bin) => bin.length));
    const foot = height - BOX.bottom;
    const y = (count) => foot - (foot - BOX.top - room) * (count / most);
    const inside = (k) => chosen === null || (k >= chosen[0] && k <= chosen[1]);
    const bars = bins.map((bin, k) => svg("rect", {
      x: x(k) + 0.5, width: cell - 1, y: y(bin.length), height: foot - y(bin.length),
      class: inside(k) ? "bar" : "bar out",
    }, svg("title", {}, `${k === BINS ? "never" : rangeText(outcome, found, k, k)}: ${bin.length}`)));
    const drawn = svg("svg", {
      viewBox: `0 0 ${BOX.width} ${height}`, role: "img", class: "histogram",
      "aria-label": `${outcome.label}: how many replications come to what`,
    }, axis(outcome, found, x, y, foot, most), ...bars, claimBars(claims, edges, cell, never));
    const bin = (place) => {
      const k = Math.floor((place - BOX.left) / cell);
      return Math.max(0, Math.min(bins.length - 1, k >= BINS ? bins.length - 1 : k));
    };
    return {drawn, bin};
  }

  /* What is written below: dates, hours of a short time, or round numbers. */
  function steps(outcome, low, high) {
    if (!isMoment(outcome)) return ticks(low, high).map((value) => [value, sandtable.charts.brief(value)]);
    const days = sandtable.charts.midnights(low, high, 5);
    if (days.length > 1) return days.map((day) => [day, dateText(day)]);
    const hour = (day) => sandtable.momentText(day).replace(/ \d{4},/, "");
    return [low, (low + high) / 2].map((day) => [day, hour(day)]);
  }

  function axis(outcome, {edges, never}, x, y, foot, most) {
    const made = svg("g", {class: "frame"});
    for (const count of ticks(0, most)) {
      if (count !== Math.round(count)) continue;
      made.append(
        svg("line", {x1: BOX.left, x2: BOX.width - RIGHT, y1: y(count), y2: y(count)}),
        svg("text", {x: BOX.left - 4, y: y(count) + 3.5, "text-anchor": "end"}, count),
      );
    }
    const width = (edges[1] - edges[0]) || 1;
    for (const [value, text] of steps(outcome, edges[0], edges[BINS])) {
      const at = x(0) + (x(1) - x(0)) * ((value - edges[0]) / width);
      if (never && at > x(BINS) - 24) continue;
      made.append(svg("text", {x: at, y: foot + 13, "text-anchor": "middle"}, text));
    }
    if (never) {
      made.append(svg("text", {x: x(BINS) + (x(1) - x(0)) / 2, y: foot + 13, "text-anchor": "middle"}, "never"));
    }
    return made;
  }

  /* Claims as bars above the histogram, cut at its ends; an open end is thin. */
  function claimBars(claims, edges, cell, never) {
    const low = edges[0];
    const width = edges[1] - edges[0];
    const last = BOX.left + cell * BINS;
    const place = (value) => Math.max(BOX.left, Math.min(last, BOX.left + (cell * (value - low)) / width));
    const made = svg("g", {class: "marks"});
    claims.slice(0, 8).forEach((claim, row) => {
      const [from, to] = claim.range;
      const y = BOX.top + ROW * (row + 0.5);
      const closed = from !== null && to !== null;
      const open = {click: () => set({selection: {kind: "claim", id: claim.claim}})};
      const title = svg("title", {}, `${claim.record} (${claim.claimant})`);
      const later = from !== null && from > edges[BINS];
      if (later || (to !== null && to < low)) {
        // Beyond the replications on either side.
        const d = later ? `M${last - 7} ${y - 4}l8 4l-8 4z` : `M${BOX.left + 7} ${y - 4}l-8 4l8 4z`;
        made.append(svg("path", {class: "mark beyond", d, on: open}, title));
        return;
      }
      const ends = {x1: from === null ? BOX.left : place(from), x2: to === null ? last : place(to), y1: y, y2: y};
      made.append(svg("line", {...ends, class: closed ? "mark" : "mark open", on: open}, title));
    });
    return made;
  }

  function claimsOn(outcome, run = 0) {
    return data("claims", run).filter((claim) => claim.outcome === outcome);
  }

  /* ---- choosing ------------------------------------------------------------------------------ */

  const outcomes = (data("outcomes") || []).map((outcome) => (
    outcome.place === undefined ? outcome : {...outcome, values: data("captures")[0].days[outcome.place]}));
  let chosen = null;
  let ends = null;

  function apply() {
    const outcome = outcomes[chosen];
    const found = binned(outcome);
    if (ends[0] === 0 && ends[1] === found.bins.length - 1) {
      set({brush: null});
      return;
    }
    const members = new Set(found.bins.slice(ends[0], ends[1] + 1).flat());
    const range = rangeText(outcome, found, ...ends);
    set({brush: {label: `${outcome.label}: ${range}`, members, code: `${outcome.name}:${ends.join(":")}`}});
  }

  /* Take up a brush as the address has it: NAME:FIRST:LAST, by bins. */
  function restore(code) {
    const [name, ...bins] = code.split(":");
    const index = outcomes.findIndex((outcome) => outcome.name === name);
    if (index < 0) return;
    const last = binned(outcomes[index]).bins.length - 1;
    const [from, to] = bins.map((bin) => Math.min(last, Math.max(0, Number.parseInt(bin, 10))));
    if (!(from <= to)) return;
    choose(index);
    ends = [from, to];
    apply();
    draw();
  }

  function choose(index) {
    chosen = index;
    ends = [0, binned(outcomes[index]).bins.length - 1];
    select.value = String(index);
  }

  /* ---- the section --------------------------------------------------------------------------- */

  const select = element("select", {id: "brush-outcome"});
  const plot = element("div", {class: "plot"});
  const told = element("p", {class: "readout", role: "status"});
  const clear = element("button", {type: "button", on: {click: () => { choose(chosen); apply(); draw(); }}}, "Keep all");
  const sliders = ["from", "to"].map((end, side) => element("input", {
    type: "range", min: 0, step: 1, id: `brush-${end}`,
    on: {input: (event) => slide(side, Number(event.target.value))},
  }));

  function slide(side, bin) {
    ends[side] = bin;
    if (ends[0] > ends[1]) ends[1 - side] = bin;
    apply();
    draw();
  }

  function draw() {
    const outcome = outcomes[chosen];
    const found = binned(outcome);
    const {drawn, bin} = histogram(outcome, found, claimsOn(outcome.name), ends);
    dragged(drawn, bin);
    plot.replaceChildren(drawn);
    sliders.forEach((slider, side) => {
      slider.max = found.bins.length - 1;
      slider.value = ends[side];
      slider.setAttribute("aria-valuetext", rangeText(outcome, found, ends[side], ends[side]));
    });
    const kept = sandtable.kept().length;
    const all = outcome.values.length;
    const {count} = sandtable.data("members");
    const which = all < count ? `the first ${all} of ${count} replications` : `${all} replications`;
    told.textContent = kept === all
      ? `All of ${which} are shown.`
      : `${state.brush.label}: ${kept} of ${which} are shown.`;
    clear.disabled = kept === all;
  }

  function dragged(drawn, bin) {
    let start = null;
    const at = (event) => {
      // The drawing is replaced at every move.
      const box = plot.getBoundingClientRect();
      return bin((BOX.width * (event.clientX - box.left)) / box.width);
    };
    const move = (event) => {
      if (start === null) return;
      const now = at(event);
      ends = [Math.min(start, now), Math.max(start, now)];
      apply();
      draw();
    };
    drawn.addEventListener("pointerdown", (event) => {
      if (event.target.classList.contains("mark")) return;
      start = at(event);
      event.preventDefault();
      const ended = new AbortController();
      const {signal} = ended;
      window.addEventListener("pointermove", move, {signal});
      window.addEventListener("pointerup", (last) => {
        move(last);
        ended.abort();
      }, {signal});
      // A finger that scrolls the page, after all.
      window.addEventListener("pointercancel", () => ended.abort(), {signal});
    });
  }

  /* Outcomes in the list, by what they are. */
  function options() {
    const groups = new Map();
    outcomes.forEach((outcome, index) => {
      const heading = isMoment(outcome) ? "When a place is taken" : outcome.unit;
      if (!groups.has(heading)) groups.set(heading, []);
      groups.get(heading).push(element("option", {value: index}, outcome.label));
    });
    return [...groups].map(([label, own]) => element("optgroup", {label}, ...own));
  }

  function start() {
    const root = document.getElementById("brush");
    if (root === null || !outcomes.length) return;
    select.append(...options());
    select.addEventListener("change", () => {
      choose(Number(select.value));
      apply();
      draw();
    });
    root.append(
      element("p", {}, "Draw over the bars, or move the two sliders, to keep the replications whose outcome lies "
        + "there: map and charts then show these alone."),
      element("label", {for: "brush-outcome"}, "Outcome"), select, plot,
      element("div", {class: "sliders"},
        element("label", {for: "brush-from"}, "from"), sliders[0],
        element("label", {for: "brush-to"}, "to"), sliders[1], clear),
      told,
    );
    choose(0);
    draw();
    document.addEventListener("DOMContentLoaded", fromAddress);
    window.addEventListener("hashchange", fromAddress);
  }

  function fromAddress() {
    const code = new URLSearchParams(location.hash.slice(1)).get("brush");
    if (code !== null) restore(code);
  }

  start();

  return {binned, histogram, claimsOn, outcomes};
})();
