/* Layers of the map: places with the share of replications that hold them, and their names. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const RADIUS = {0: 6, 1: 5, 2: 4};

  /* A slice of a disc, clockwise from noon. */
  function slice(radius, share) {
    if (share <= 0) return "";
    if (share >= 1) return `M0 ${-radius}A${radius} ${radius} 0 1 1 -0.01 ${-radius}Z`;
    const angle = 2 * Math.PI * share;
    const x = (radius * Math.sin(angle)).toFixed(2);
    const y = (-radius * Math.cos(angle)).toFixed(2);
    return `M0 0V${-radius}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${x} ${y}Z`;
  }

  /* Who holds a place as a part of the campaign begins, and who takes it: the foremost side
     opposed. */
  function holders(id, run) {
    const part = sandtable.partAt(state.day, run);
    const {sides} = data("names", run);
    const owner = data("captures", run)[part].sides[id];
    const taker = Object.values(sides).find((side) => side.coalition !== sides[owner].coalition);
    return [sides[owner], taker || sides[owner]];
  }

  sandtableMap.layer((map, group) => {
    const {places} = data("names", map.run);
    const drawn = Object.entries(places).map(([id, place]) => {
      const radius = RADIUS[place.rank];
      const disc = svg("circle", {r: radius, class: "holder"});
      const taken = svg("path", {class: "taken"});
      const title = svg("title");
      const own = svg("g", {class: `place rank-${place.rank} ${place.kind}`, "data-place": id},
        title, svg("circle", {r: radius + 8, class: "touch"}), disc, taken);
      own.addEventListener("click", () => sandtable.set({selection: {kind: "place", id}}));
      group.append(own);
      return {id, place, radius, own, disc, taken, title};
    });

    function layout() {
      for (const {own, place, radius} of drawn) {
        const [x, y] = map.at(place.x, place.y);
        own.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        map.room.push([x - radius, y - radius, x + radius, y + radius]);
      }
    }

    function update() {
      for (const {id, place, radius, disc, taken, title} of drawn) {
        const [owner, taker] = holders(id, map.run);
        const share = sandtable.takenShare(id, state.day, map.run);
        disc.setAttribute("fill", owner.colour);
        taken.setAttribute("fill", taker.colour);
        taken.setAttribute("d", slice(radius, share));
        const told = share > 0
          ? `${taker.name} in ${Math.round(100 * share)} % of replications`
          : owner.name;
        if (title.textContent !== `${place.name}: ${told}`) title.textContent = `${place.name}: ${told}`;
      }
    }

    return {layout, update};
  });

  /* ---- names ------------------------------------------------------------------------------- */

  const pen = document.createElement("canvas").getContext("2d");
  const SIZE = {0: 13, 1: 12, 2: 11, ground: 11};
  const FONT = "system-ui, sans-serif";

  function size(text, height, bold) {
    pen.font = `${bold ? 600 : 400} ${height}px ${FONT}`;
    return pen.measureText(text).width + 2;
  }

  /* Boxes round a point at which a name may stand, the best first. */
  function boxes(x, y, width, height, away) {
    const [middle, low] = [y - height / 2, y + away];
    return [
      [x + away, middle], [x - away - width, middle], [x - width / 2, low],
      [x - width / 2, y - away - height], [x + away, low - away / 2], [x - away - width, low - away / 2],
      [x + away, y - height], [x - away - width, y - height],
    ].map(([left, top]) => [left, top, left + width, top + height]);
  }

  function free(box, taken) {
    return !taken.some((other) =>
      box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  }

  function named(map) {
    const {places} = data("names", map.run);
    const ground = data("ground", map.run) || data("ground", 0);
    const listed = Object.values(places).map((place) => ({
      text: place.name.split(" (")[0], rank: place.rank, kind: "place", away: RADIUS[place.rank] + 3,
      spots: [map.at(place.x, place.y)],
    }));
    listed.sort((a, b) => a.rank - b.rank);
    const known = new Set(listed.map(({text}) => text));
    for (const {name, layer, spots} of ground.names) {
      if (!known.has(name)) listed.push({
        text: name, rank: "ground", kind: layer, away: 3, spots: spots.map(([x, y]) => map.at(x, y)),
      });
    }
    return listed;
  }

  sandtableMap.layer((map, group) => {
    group.setAttribute("class", "names");

    function layout() {
      const taken = [...map.room];
      const shown = [];
      for (const {text, rank, kind, away, spots} of named(map)) {
        const height = SIZE[rank];
        const width = size(text, height, rank === 0);
        const box = spots.flatMap(([x, y]) => boxes(x, y, width, height, away))
          .find((one) => free(one, taken));
        if (box === undefined) continue;
        taken.push(box);
        shown.push(svg("text", {
          x: (box[0] + 1).toFixed(1), y: (box[1] + height * 0.82).toFixed(1), "font-size": height,
          class: `name ${kind} rank-${rank}`,
        }, text));
      }
      group.replaceChildren(...shown);
    }

    return {layout};
  });
})();
