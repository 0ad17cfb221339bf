/* Charts of strengths, losses and fronts over the days: the median and the middle 50 and 90 percent
   of the kept replications, the shown one as a line, recorded claims, and the day as a rule.
   Uses the data "counts", "fronts", "names", "claims". */
"use strict";

sandtable.charts = (function () {
  const {state, on, data, element, svg, between, kept, memberOf, quantile, dateText} = sandtable;
  const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
  const NAN = 0xffff;
  const BOX = {width: 320, height: 150, left: 44, top: 8, bottom: 20};

  /* ---- what is drawn ----------------------------------------------------------------------- */

  /* A panel: {key, label, unit, colour, from, to, marks, stops, band(index), member(m, index)}, whose
     moments are those of the daily series. */
  function panels(run = 0) {
    return [...counts(run), ...fronts(run)];
  }

  function counts(run) {
    const {numbers} = data("members", run);
    const {moments, days} = data("time", run);
    return data("counts", run).map((series) => {
      const values = unpacked(series.members);
      return {
        key: series.name, group: series.group, label: series.label, unit: series.unit,
        colour: data("names", run).sides[series.side].colour,
        from: 0, to: days, stops: [], members: numbers.length,
        marks: claimsOn(series.name, run).map((claim) => mark(claim, [days, days], claim.range)),
        band: (index) => series.quantiles.map((level) => level[index]),
        member: (m, index) => {
          const value = values[m * moments.length + index];
          return value === NAN ? NaN : value * series.step;
        },
      };
    });
  }

  function fronts(run) {
    const {axes, sides, places} = data("names", run);
    const told = data("fronts", run);
    const {numbers} = data("members", run);
    const {moments} = data("time", run);
    return Object.entries(told.axes).map(([id, front]) => ({
      key: `front/${id}`, group: "front", label: axes[id].name, unit: "km",
      colour: sides[axes[id].side].colour,
      from: axes[id].start, to: axes[id].end, members: numbers.length,
      stops: axes[id].places.map((place, k) => ({
        km: axes[id].km[k], name: places[place].name.split(" (")[0],
        planned: (axes[id].objectives.find(([objective]) => objective === place) || [])[1],
        objective: axes[id].objectives.some(([objective]) => objective === place),
      })),
      marks: frontMarks(id, run),
      band: (index) => front.quantiles.map((level) => front.step * level[index]),
      member: (m, index) => sandtable.memberAt(id, m, moments[index], run),
    }));
  }

  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({length: bytes.length / 2}, (_, k) => view.getUint16(2 * k, true));
  }

  function claimsOn(outcome, run) {
    return data("claims", run).filter((claim) => claim.outcome === outcome);
  }

  function mark(claim, x, y) {
    return {claim: claim.claim, x, y, title: `${claim.label}: ${claim.record} (${claim.claimant})`};
  }

  /* Captures of an axis's places lie level, ground gained by a day stands upright. */
  function frontMarks(id, run) {
    const axis = data("names", run).axes[id];
    const {parts} = data("time", run);
    const lasts = (phase) => parts.every((part) => part.id !== phase)
      || parts.some((part) => part.id === phase && part.start < axis.end && part.end > axis.start);
    const found = [];
    for (const claim of data("claims", run)) {
      const k = axis.places.indexOf(claim.about.place);
      if (claim.kind === "captured" && k >= 0 && lasts(claim.phase)) {
        found.push(mark(claim, claim.range, [axis.km[k], axis.km[k]]));
      } else if (claim.kind === "advance" && claim.about.axis === id && claim.phase === "") {
        const day = data("time", run).moments[Number(claim.about.day)];
        found.push(mark(claim, [day, day], claim.range));
      }
    }
    return found;
  }

  /* The quantiles at each moment, of all replications or of those that the brush keeps. */
  function bands(panel, run = 0) {
    const {moments} = data("time", run);
    if (state.brush === null) return moments.map((_, index) => panel.band(index));
    const members = kept(run);
    return moments.map((_, index) => spread(members.map((m) => panel.member(m, index))));
  }

  /* The 5, 25, 50, 75 and 95 percent points of some numbers. */
  function spread(values) {
    const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
    return SHARES.map((share) => (sorted.length ? quantile(sorted, share) : NaN));
  }

  /* ---- scales ------------------------------------------------------------------------------ */

  /* Round steps that divide a range into some four parts. */
  function ticks(low, high) {
    const rough = (high - low) / 4 || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough);
    const found = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) {
      found.push(Math.abs(value) < step / 1e6 ? 0 : value);
    }
    return found;
  }

  const minus = (text) => text.replace("-", "−");

  /* 1,234 or 12.3 */
  function number(value) {
    if (!Number.isFinite(value)) return "–";
    if (Math.abs(value) >= 100) return minus(Math.round(value).toLocaleString("en-US"));
    return minus(String(Number(value.toPrecision(3))));
  }

  /* 12 k on an axis */
  function brief(value) {
    const size = Math.abs(value);
    if (size >= 1e6) return `${number(value / 1e6)} M`;
    return size >= 1e4 ? `${number(value / 1e3)} k` : number(value);
  }

  /* Midnights from one day to another, no more than some. */
  function midnights(from, to, most, run = 0) {
    const first = sandtable.moment(from, run);
    const minutes = (first.getUTCHours() * 60 + first.getUTCMinutes()) / 1440;
    const found = [];
    for (let day = from + (minutes > 0 ? 1 - minutes : 0); day <= to; day += 1) found.push(day);
    const step = Math.max(1, Math.ceil(found.length / most));
    return found.filter((_, k) => k % step === 0);
  }

  /* ---- a chart ----------------------------------------------------------------------------- */

  /* Scales of a panel: x of a day, y of a value. `low` is below 0 for differences. */
  function scales(panel, low, high, right) {
    const across = BOX.width - BOX.left - right;
    const down = BOX.height - BOX.top - BOX.bottom;
    const span = panel.to - panel.from || 1;
    return {
      x: (day) => BOX.left + (across * (Math.min(panel.to, Math.max(panel.from, day)) - panel.from)) / span,
      y: (value) => BOX.top + down * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low || 1)),
      right: BOX.left + across,
    };
  }

  function line(points) {
    let open = false;
    return points.map(([x, y]) => {
      const told = Number.isFinite(y) ? `${open ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}` : "";
      open = told !== "";
      return told;
    }).join("");
  }

  function area(upper, lower) {
    const whole = upper.every(([, y]) => Number.isFinite(y)) && lower.every(([, y]) => Number.isFinite(y));
    return whole ? `${line(upper)}${line([...lower].reverse()).replace("M", "L")}Z` : "";
  }

  /* Axes, with a grid line at each tick of the values. */
  function frame(panel, scale, low, high, run) {
    const made = svg("g", {class: "frame"});
    for (const value of ticks(low, high)) {
      made.append(
        svg("line", {x1: BOX.left, x2: scale.right, y1: scale.y(value), y2: scale.y(value)}),
        svg("text", {x: BOX.left - 4, y: scale.y(value) + 3.5, "text-anchor": "end"}, brief(value)),
      );
    }
    const foot = BOX.height - BOX.bottom;
    for (const day of midnights(panel.from, panel.to, 5, run)) {
      made.append(
        svg("line", {x1: scale.x(day), x2: scale.x(day), y1: foot, y2: foot + 3, class: "tick"}),
        svg("text", {x: scale.x(day), y: foot + 13, "text-anchor": "middle"}, dateText(day, run)),
      );
    }
    return made;
  }

  /* Places along an axis: a line at each; names right of it, objectives first, where there is room. */
  function stopLines(panel, scale) {
    const made = svg("g", {class: "stops"});
    const taken = [];
    const first = [...panel.stops].sort((a, b) => b.objective - a.objective || b.km - a.km);
    for (const stop of first) {
      const y = scale.y(stop.km);
      made.append(svg("line", {x1: BOX.left, x2: scale.right, y1: y, y2: y}));
      if (taken.every((other) => Math.abs(other - y) >= 9.5)) {
        taken.push(y);
        const short = stop.name.length > 14 ? `${stop.name.slice(0, 13)}…` : stop.name;
        made.append(svg("text", {x: scale.right + 4, y: y + 3}, short, svg("title", {}, stop.name)));
      }
      if (Number.isFinite(stop.planned) && stop.planned <= panel.to) {
        const x = scale.x(stop.planned);
        made.append(svg("path", {class: "planned", d: `M${x} ${y - 4}l4 4l-4 4l-4 -4z`},
          svg("title", {}, `${stop.name}: planned for ${dateText(stop.planned)}`)));
      }
    }
    return made;
  }

  function marksOf(panel, scale, high) {
    const made = svg("g", {class: "marks"});
    for (const {claim, x, y, title} of panel.marks) {
      if (x[0] !== null && x[0] > panel.to) continue;
      const closed = [...x, ...y].every((end) => end !== null);
      const ends = {
        x1: scale.x(x[0] === null ? panel.from : x[0]), x2: scale.x(x[1] === null ? panel.to : x[1]),
        y1: scale.y(y[0] === null ? 0 : y[0]), y2: scale.y(y[1] === null ? high : y[1]),
      };
      const open = () => sandtable.set({selection: {kind: "claim", id: claim}});
      made.append(svg("line", {...ends, class: closed ? "mark" : "mark open", on: {click: open}},
        svg("title", {}, title)));
    }
    return made;
  }

  /* Highest value to be shown: of the bands, the lines and, within reason, the claims. */
  function topOf(panel, points) {
    const shown = Math.max(...points.flat().filter((value) => Number.isFinite(value)), 0);
    const reach = panel.stops.length ? Math.max(shown, panel.stops.at(-1).km) : shown;
    const claimed = panel.marks.flatMap(({y}) => y.filter((end) => end !== null));
    return 1.04 * (Math.max(reach, ...claimed.filter((end) => end <= 2.5 * reach)) || 1);
  }

  /* Draw a panel, and return the drawing with what changes in it from day to day. */
  function chart(panel, {run = 0, top = null} = {}) {
    const {moments} = data("time", run);
    const points = bands(panel, run);
    const high = top === null ? topOf(panel, [...points, panel.own || []]) : top;
    const scale = scales(panel, 0, high, panel.stops.length ? 84 : 12);
    const level = (k) => moments.map((day, index) => [scale.x(day), scale.y(points[index][k])]);
    const member = memberOf(state.rep, run);
    const values = panel.own || (member < 0 ? [] : moments.map((_, index) => panel.member(member, index)));
    const own = values.map((value, index) => [scale.x(moments[index]), scale.y(value)]);
    const foot = BOX.height - BOX.bottom;
    const rule = svg("line", {class: "day", y1: BOX.top, y2: foot});
    const drawn = svg("svg", {viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": described(panel)},
      frame(panel, scale, 0, high, run), stopLines(panel, scale),
      svg("g", {fill: panel.colour, stroke: panel.colour},
        svg("path", {class: "band90", d: area(level(4), level(0))}),
        svg("path", {class: "band50", d: area(level(3), level(1))}),
        svg("path", {class: "median", d: line(level(2))}),
        svg("path", {class: "member", d: line(own)})),
      marksOf(panel, scale, high), rule);
    const toDay = () => {
      const x = scale.x(state.day);
      rule.setAttribute("visibility", state.day < panel.from || state.day > panel.to ? "hidden" : "visible");
      rule.setAttribute("x1", x);
      rule.setAttribute("x2", x);
    };
    toDay();
    return {drawn, toDay, read: () => readout(panel, points, member, run)};
  }

  function described(panel) {
    return `${panel.label}, ${panel.unit}, by date: median and bands of the replications`;
  }

  /* The value at the day: the median with its 90 percent, and that of the shown replication. */
  function readout(panel, points, member, run) {
    const [index, share] = between(state.day, run);
    const at = (read) => (share > 0 ? read(index) * (1 - share) + read(index + 1) * share : read(index));
    const [low, middle, high] = [0, 2, 4].map((k) => at((i) => points[i][k]));
    const told = (value) => number(panel.unit === "km" ? value : Math.round(value));
    const own = member < 0 ? "" : `; replication ${state.rep}: ${told(at((i) => panel.member(member, i)))}`;
    return `${told(middle)} ${panel.unit} (${told(low)} to ${told(high)})${own}`;
  }

  /* Strength over the days of the shown replication: a chart of the persons of a formation, or of all
     below a headquarters. Empty if this page doesn't tell of it. */
  function course(id) {
    const told = sandtable.replication();
    if (told === null) return [];
    const {formations, sides} = data("names");
    const tracks = under(id, formations).map((one) => told.tracks.get(one)).filter(Boolean);
    if (!tracks.length) return [];
    const {moments, days} = data("time");
    const own = moments.map((day) => tracks.reduce((sum, rows) => sum + personsAt(rows, day), 0));
    const panel = {
      label: `${formations[id].name}: persons`, unit: "persons", colour: sides[formations[id].side].colour,
      from: 0, to: days, stops: [], marks: [], own, band: () => SHARES.map(() => NaN),
    };
    return [element("figure", {class: "chart"},
      element("figcaption", {}, `Persons in replication ${state.rep}`), chart(panel).drawn)];
  }

  function under(id, formations) {
    const below = Object.keys(formations).filter((other) => formations[other].parent === id);
    return [id, ...below.flatMap((other) => under(other, formations))];
  }

  /* Those present by the row of a track that holds on a day. */
  function personsAt(rows, day) {
    const row = rows.filter((one) => one.day <= day + 1e-6).at(-1);
    return row === undefined || ["surrendered", "destroyed"].includes(row.status) ? 0 : row.personnel;
  }

  /* ---- the section ------------------------------------------------------------------------- */

  const GROUPS = {strength: "Strength", losses: "Losses so far", front: "Fronts, km along the axis"};
  const shown = [];

  /* A figure of a panel; `draw` makes its drawing anew, each time that something else is shown. */
  function figure(panel, draw = () => chart(panel), label = panel.label) {
    const told = element("p", {class: "readout"});
    const place = element("div", {class: "plot"});
    shown.push({draw, told, place, chart: null});
    return element("figure", {class: "chart", "data-key": panel.key},
      element("figcaption", {}, label), told, place);
  }

  /* What the lines and colours mean. */
  function legend() {
    const sample = (...drawn) => svg("svg", {viewBox: "0 0 26 12", "aria-hidden": "true"}, ...drawn);
    const path = (kind, d) => svg("path", {class: kind, d, fill: "#555", stroke: "#555"});
    const entries = [
      [path("median", "M1 6H25"), "median"],
      [path("band50", "M1 1H25V11H1Z"), "middle 50 percent"],
      [path("band90", "M1 1H25V11H1Z"), "middle 90 percent"],
      [path("member", "M1 6H25"), "the replication shown"],
      [svg("line", {class: "mark", x1: 4, x2: 22, y1: 6, y2: 6}), "recorded claim (thin: open end)"],
      [path("planned", "M13 2l4 4l-4 4l-4 -4z"), "planned date"],
      [svg("line", {class: "day", x1: 13, x2: 13, y1: 0, y2: 12}), "the day shown"],
    ];
    return element("p", {class: "legend plot"}, ...entries.map(([drawn, text]) => element("span", {}, sample(drawn), text)));
  }

  /* The charts by group; `figures` returns the figures of a panel. */
  function build(figures) {
    const root = document.getElementById("charts");
    root.append(legend());
    for (const [group, heading] of Object.entries(GROUPS)) {
      const own = panels().filter((panel) => panel.group === group).flatMap(figures);
      if (!own.length) continue;
      root.append(element("details", {open: "", class: "charts"},
        element("summary", {}, element("h3", {}, heading)), element("div", {class: "grid"}, ...own)));
    }
    on("day", toDay);
    on("rep", redraw);
    on("brush", redraw);
  }

  function redraw() {
    for (const one of shown) {
      one.chart = one.draw();
      one.place.replaceChildren(one.chart.drawn);
    }
    toDay();
  }

  let waiting = false;

  /* Once a frame at most: the day changes often while the campaign plays. */
  function toDay() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      for (const one of shown) {
        one.chart.toDay();
        one.told.textContent = one.chart.read();
      }
    });
  }

  if (sandtable.runs === 1) build((panel) => [figure(panel)]);

  return {
    panels, chart, course, build, figure, bands, spread, scales, frame, line, area, ticks, number, brief,
    midnights, topOf, BOX,
  };
})();
