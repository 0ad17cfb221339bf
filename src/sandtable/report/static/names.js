/* A layer of the map: names of places and of the ground, as many as have room, objectives first. */
"use strict";

(function () {
  const {svg, data} = sandtable;
  const AWAY = {0: 9, 1: 8, 2: 7};
  const SIZE = {0: 13, 1: 12, 2: 11, ground: 11};

  /* Boxes round a point at which a name may stand, the best first. */
  function boxes(x, y, width, height, away) {
    const [middle, low] = [y - height / 2, y + away];
    return [
      [x + away, middle], [x - away - width, middle], [x + away, middle + height / 3],
      [x - away - width, middle + height / 3], [x - width / 2, low], [x + away / 2, low],
      [x - away / 2 - width, low], [x - width / 2, y - away - height],
    ].map(([left, top]) => [left, top, left + width, top + height]);
  }

  function named(map) {
    const {places} = data("names", map.run);
    const ground = sandtableMap.ground(map.run);
    const listed = Object.values(places).map((place) => ({
      text: place.name.split(" (")[0], rank: place.rank, kind: "place", away: AWAY[place.rank],
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

  sandtableMap.layer("names", (map, group) => {
    const ground = sandtableMap.ground(map.run);
    function layout() {
      const taken = [...map.room];
      const shown = [];
      const [east, south] = map.at(ground.width, ground.height);
      const inside = ([left, top, right, low]) => left >= 0 && top >= 0 && right <= east && low <= south;
      for (const {text, rank, kind, away, spots} of named(map)) {
        const height = SIZE[rank];
        const width = 2 + sandtableMap.widthOf(text, height, rank === 0);
        const box = spots.flatMap(([x, y]) => boxes(x, y, width, height, away))
          .find((one) => inside(one) && sandtableMap.free(one, taken));
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
