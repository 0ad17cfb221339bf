/* A layer of the map: recorded captures as dated pins at their places.

   A pin is there from the recorded day on, or from the median of the replications if that comes
   first. It is set apart where the run is late or early: where the middle 90 percent of the
   replications miss the record. Where a date has no room its pin has a round head. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const MEDIAN = 2;
  const TOP = 24;
  const HEIGHT = 14;

  function kindOf({verdict, given, range, quantiles}) {
    if (given) return "given";
    if (verdict !== "outside" && verdict !== "never only") return "met";
    const high = range[1] === null ? Infinity : range[1];
    return quantiles[MEDIAN] === "never" || quantiles[MEDIAN] > high ? "late" : "early";
  }

  const TOLD = {
    met: "the run agrees", given: "an order sets it", late: "the run is late",
    early: "the run is early",
  };

  /* Claims about captures by place and part of the campaign. */
  function captures(run) {
    const {parts} = data("time", run);
    const found = new Map();
    for (const claim of data("claims", run)) {
      if (claim.kind !== "captured" || claim.range[0] === null || claim.range[0] === "never") continue;
      const key = `${claim.phase}/${claim.about.place}`;
      const part = parts.find(({id}) => id === claim.phase);
      if (!found.has(key)) found.set(key, {place: claim.about.place, end: part ? part.end : Infinity, claims: []});
      found.get(key).claims.push(claim);
    }
    return [...found.values()];
  }

  /* The claim whose verdict speaks for all: the run meets any, or misses each. */
  function foremost(claims) {
    return claims.find((claim) => kindOf(claim) === "met") || claims[0];
  }

  sandtableMap.layer("pins", (map, group) => {
    const {places} = data("names", map.run);
    const drawn = captures(map.run).filter(({place}) => places[place]).map(({place, end, claims}) => {
      const claim = foremost(claims);
      const kind = kindOf(claim);
      const width = 8 + sandtableMap.widthOf(claim.record, 10.5);
      const text = svg("text", {y: TOP + 10.5}, claim.record);
      const box = svg("rect", {x: -width / 2, y: TOP, width, height: HEIGHT, rx: 2});
      const head = svg("circle", {class: "head", cy: TOP, r: 4});
      const own = svg("g", {class: `pin ${kind}`, "data-claim": claim.claim},
        svg("title", {}, `${places[place].name}, recorded ${claims.map(({record, claimant}) =>
          `${record} (${claimant})`).join("; ")}; median of the run ${claim.median}: ${TOLD[kind]}`),
        svg("path", {class: "staff", d: `M0 6V${TOP}`}), head, box, text);
      own.addEventListener("click", () => sandtable.set({selection: {kind: "claim", id: claim.claim}}));
      group.append(own);
      const median = claim.quantiles[MEDIAN];
      const from = Math.min(claim.range[0], typeof median === "number" ? median : Infinity);
      return {own, box, text, head, width, from, end, place: places[place]};
    });

    function layout() {
      for (const one of drawn) {
        const [x, y] = map.at(one.place.x, one.place.y);
        one.own.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        const room = [x - one.width / 2, y + TOP, x + one.width / 2, y + TOP + HEIGHT];
        const shown = sandtableMap.free(room, map.room);
        if (shown) map.room.push(room);
        for (const part of [one.box, one.text]) part.classList.toggle("away", !shown);
        one.head.classList.toggle("away", shown);
      }
    }

    function update() {
      for (const {own, from, end} of drawn) {
        own.classList.toggle("away", state.day < from || state.day > end + 1e-6);
      }
    }

    return {layout, update};
  });
})();
