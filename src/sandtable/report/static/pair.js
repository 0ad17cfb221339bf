/* Two runs beside each other: charts of both on one scale with what the second changes, replication
   by replication, and on the maps how far its fronts are ahead of the first's or behind.
   Uses the data "pair". */
"use strict";

sandtable.pair = (function () {
  if (sandtable.runs < 2) return null;
  const {state, data, element, svg, between, quantile} = sandtable;
  const {chart, panels, figure, build, topOf, bands, scales, frame, line, area, number, BOX} = sandtable.charts;
  const {names, notes} = data("pair");
  const COLOUR = "#6a3d9a";
  const count = Math.min(...[0, 1].map((run) => data("time", run).moments.length));
  const moments = data("time").moments.slice(0, count);

  /* Pairs of members of both runs that have one number, those that the brush keeps. */
  function pairs() {
    const {numbers} = data("members", 0);
    return sandtable.kept(0)
      .map((member) => [member, sandtable.memberOf(numbers[member], 1)])
      .filter(([, other]) => other >= 0);
  }

  /* Mean, its standard error, and the 5 and 95 percent points of some differences. */
  function summed(values) {
    const known = values.filter((value) => Number.isFinite(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const sorted = [...known].sort((a, b) => a - b);
    return {
      mean, error: known.length > 1 ? Math.sqrt(squares / (known.length - 1) / known.length) : NaN,
      low: known.length ? quantile(sorted, 0.05) : NaN, high: known.length ? quantile(sorted, 0.95) : NaN,
    };
  }

  /* Second less first at each moment. */
  function differences(first, second) {
    const both = pairs();
    return moments.map((_, index) => summed(
      both.map(([a, b]) => second.member(b, index) - first.member(a, index)),
    ));
  }

  /* ---- charts ------------------------------------------------------------------------------ */

  function signed(value, panel) {
    const told = number(Math.abs(panel.unit === "km" ? value : Math.round(value)));
    return ["0", "–"].includes(told) ? told : `${value > 0 ? "+" : "−"}${told}`;
  }

  function differenceChart(first, second) {
    const found = differences(first, second);
    const ends = found.flatMap(({low, high, mean}) => [low, high, mean]).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
    const pad = 0.05 * (high - low || 1);
    const scale = scales(first, low - pad, high + pad, 12);
    const at = (read) => found.map((one, k) => [scale.x(moments[k]), scale.y(read(one))]);
    const rule = svg("line", {class: "day", y1: BOX.top, y2: BOX.height - BOX.bottom});
    const drawn = svg("svg", {
      viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img",
      "aria-label": `${first.label}: ${names[1]} less ${names[0]}, by date`,
    },
    frame(first, scale, low - pad, high + pad, 0),
    svg("line", {class: "zero", x1: BOX.left, x2: scale.right, y1: scale.y(0), y2: scale.y(0)}),
    svg("g", {fill: COLOUR, stroke: COLOUR},
      svg("path", {class: "band90", d: area(at(({high: end}) => end), at(({low: end}) => end))}),
      svg("path", {class: "band50", d: area(at(({mean, error}) => mean + error), at(({mean, error}) => mean - error))}),
      svg("path", {class: "median", d: line(at(({mean}) => mean))})), rule);
    const toDay = () => {
      const x = scale.x(state.day);
      rule.setAttribute("x1", x);
      rule.setAttribute("x2", x);
    };
    toDay();
    const read = () => {
      const [index, share] = between(Math.min(state.day, moments[count - 1]));
      const told = found[share >= 0.5 ? Math.min(count - 1, index + 1) : index];
      const error = Number.isFinite(told.error) ? ` ± ${number(told.error)}` : "";
      return `${signed(told.mean, first)}${error} ${first.unit} (${signed(told.low, first)} to ${signed(told.high, first)})`;
    };
    return {drawn, toDay, read};
  }

  const same = [];

  /* The two runs on one scale, and their difference. */
  function figures(first) {
    const second = panels(1).find(({key}) => key === first.key);
    if (second === undefined) return [figure(first, undefined, `${first.label}, ${names[0]} alone`)];
    if (differences(first, second).every(({low, mean, high}) => low === 0 && mean === 0 && high === 0)) {
      same.push(first.label);
      return [];
    }
    const top = () => Math.max(topOf(first, bands(first, 0)), topOf(second, bands(second, 1)));
    return [
      figure(first, () => chart(first, {top: top()}), `${first.label}: ${names[0]}`),
      figure(second, () => chart(second, {run: 1, top: top()}), `${first.label}: ${names[1]}`),
      figure({...first, key: `difference/${first.key}`}, () => differenceChart(first, second),
        `${first.label}: second less first`),
    ];
  }

  /* ---- the maps ---------------------------------------------------------------------------- */

  /* Between the median fronts of both runs, where they are not at one place. */
  sandtableMap.layer("gaps", (map, group) => {
    const {routeOf, stretch} = sandtableMap.routes;
    const {axes} = data("names", map.run);
    const shared = Object.keys(axes).filter((id) => [0, 1].every((run) => data("fronts", run).axes[id]));
    const drawn = shared.map((id) => ({id, path: svg("path", {class: "gap"}), title: svg("title", {})}));
    group.append(...drawn.map(({path, title}) => {
      path.append(title);
      return path;
    }));
    let routes = {};

    /* Whether its column marches, or did so in this part of the campaign. */
    function isOn({start, end}, run) {
      const [first, now, last] = [start, state.day, end].map((day) => sandtable.partAt(day, run));
      return state.day >= start && first <= now && now <= last;
    }

    function layout() {
      routes = Object.fromEntries(shared.map((id) => [id, routeOf(map, axes[id])]));
    }

    function update() {
      for (const {id, path, title} of drawn) {
        const [first, second] = [0, 1].map((run) => sandtable.bandAt(id, state.day, run)[1]);
        path.classList.toggle("ahead", second > first);
        path.classList.toggle("behind", second < first);
        const near = Math.abs(second - first) < axes[id].km.at(-1) / 200;
        if (near || !isOn(axes[id], map.run)) path.removeAttribute("d");
        else path.setAttribute("d", stretch(routes[id], axes[id], Math.min(first, second), Math.max(first, second)));
        title.textContent = `${axes[id].name}: median front ${signed(second - first, {unit: "km"})} km in ${names[1]}`;
      }
    }

    return {layout, update};
  });

  function start() {
    document.body.classList.add("two");
    for (const map of document.querySelectorAll(".map")) {
      map.before(element("p", {class: "map-name"}, names[map.dataset.run]));
    }
    document.getElementById("pair").append(
      element("p", {}, `${names[1]} less ${names[0]}, replication by replication. In the charts of differences: the `
        + "mean as a line, its Monte Carlo error as the dark band, the middle 90 percent of the pairs as the light "
        + "one. On the maps a green stretch is ground by which the median front of the second run is ahead, a "
        + "purple one ground by which it is behind."),
      ...(notes.length ? [element("ul", {class: "note-list"}, ...notes.map((note) => element("li", {}, note)))] : []),
    );
    build(figures);
    if (same.length) {
      document.getElementById("charts").append(element("p", {}, `Without any difference: ${same.join("; ")}.`));
    }
  }

  start();

  return {names, differences, pairs};
})();
