/* Layers of the map: axes of advance, and the fronts along them.

   A front is a stretch of its axis, from the 5 to the 95 percent point of the replications, with
   a mark where the median stands, fainter ones where each member stands, and a bar where the
   replication stands that is shown. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const HALF = {member: 5, median: 8, shown: 11};

  /* Pixels of an axis: its corners, the km at each, and the point and direction at a km. */
  function routeOf(map, axis) {
    const {places} = data("names", map.run);
    const corners = axis.places.map((id) => map.at(places[id].x, places[id].y));
    function at(km) {
      let k = 0;
      while (k < axis.km.length - 2 && axis.km[k + 1] < km) k += 1;
      const [a, b] = [corners[k], corners[k + 1]];
      const share = Math.min(1, Math.max(0, (km - axis.km[k]) / (axis.km[k + 1] - axis.km[k] || 1)));
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const length = Math.hypot(dx, dy) || 1;
      return {x: a[0] + share * dx, y: a[1] + share * dy, dx: dx / length, dy: dy / length};
    }
    return {corners, at};
  }

  function pathOf(points) {
    return points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  }

  function stretch(route, axis, low, high) {
    const ends = [low, high].map((km) => route.at(km)).map(({x, y}) => [x, y]);
    const within = route.corners.filter((_, k) => axis.km[k] > low && axis.km[k] < high);
    return pathOf([ends[0], ...within, ends[1]]);
  }

  /* A bar across the axis. */
  function across(route, km, half) {
    const {x, y, dx, dy} = route.at(km);
    return `M${(x - dy * half).toFixed(1)} ${(y + dx * half).toFixed(1)}` +
      `L${(x + dy * half).toFixed(1)} ${(y - dx * half).toFixed(1)}`;
  }

  sandtableMap.routes = {routeOf, stretch};

  sandtableMap.layer("fronts", (map, group) => {
    const {axes, sides} = data("names", map.run);
    const fronts = data("fronts", map.run).axes;
    const drawn = Object.entries(axes).map(([id, axis]) => {
      const part = (kind) => svg("path", {class: kind});
      const lines = {
        way: part("axis"), band: part("front-band"), members: part("front-members"),
        median: part("front-median"), shown: part("front-shown"),
      };
      const own = svg("g", {class: "front", "data-axis": id, color: sides[axis.side].colour},
        svg("title", {}, axis.name), ...Object.values(lines));
      own.addEventListener("click", () => sandtable.set({selection: {kind: "axis", id}}));
      group.append(own);
      return {id, axis, own, lines};
    });

    function layout() {
      for (const one of drawn) {
        one.route = routeOf(map, one.axis);
        one.lines.way.setAttribute("d", pathOf(one.route.corners));
      }
    }

    function update() {
      for (const {id, axis, own, lines, route} of drawn) {
        const moves = fronts[id] !== undefined && state.day >= axis.start;
        const past = sandtable.partAt(axis.start, map.run) !== sandtable.partAt(state.day, map.run) &&
          sandtable.partAt(axis.end, map.run) !== sandtable.partAt(state.day, map.run);
        own.classList.toggle("away", past);
        for (const kind of ["band", "members", "median", "shown"]) {
          if (!moves || past) lines[kind].removeAttribute("d");
        }
        if (!moves || past) continue;
        const [low, middle, high] = sandtable.bandAt(id, state.day, map.run);
        lines.band.setAttribute("d", stretch(route, axis, low, high));
        lines.median.setAttribute("d", across(route, middle, HALF.median));
        const kms = sandtable.kept(map.run).map((k) => sandtable.memberAt(id, k, state.day, map.run));
        lines.members.setAttribute("d", kms.map((km) => across(route, km, HALF.member)).join(""));
        const member = sandtable.memberOf(state.rep, map.run);
        if (member < 0) lines.shown.removeAttribute("d");
        else lines.shown.setAttribute("d",
          across(route, sandtable.memberAt(id, member, state.day, map.run), HALF.shown));
      }
    }

    return {layout, update};
  });
})();
