/* A layer of the map: formations of both sides as military symbols, in the replication shown.

   Formations that stand close together share a stack above their place, attackers to the left and
   defenders to the right. On a crowded map a headquarters' symbol stands for those of its
   formations that share a stack: armies on a map of many, corps where there is more room, with a
   number that says for how many. Zooming in parts them. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const STEP = {across: 26, down: 26};
  const ABOVE = 25;
  const DRAWN = 0.155;
  const RANKS = [
    "theatre", "front", "area-army", "army", "group", "corps", "division", "brigade", "regiment",
    "battalion", "detachment",
  ];
  /* By how many formations there are on so many square pixels of map: the highest headquarters that
     stands for them, how near in pixels they share a stack, the most symbols of a side in one, and
     whether services have symbols of their own. */
  const SCREEN = 800 * 600;
  const CROWDED = [
    {many: 300, rank: "area-army", near: 62, most: 1, services: false},
    {many: 90, rank: "army", near: 48, most: 2, services: false},
    {many: 36, rank: "corps", near: 40, most: 4, services: false},
    {many: 0, rank: "detachment", near: 34, most: 6, services: true},
  ];

  /* Formations with men of their own that are on the map, and how each stands. */
  function standing(run) {
    const told = sandtable.replication(state.rep, run);
    if (told === null) return [];
    const found = [];
    for (const id of told.tracks.keys()) {
      const how = sandtable.standing(id, state.day, state.rep, run);
      if (how !== null && how.personnel + how.tanks >= 0.5) found.push({id, how});
    }
    return found;
  }

  /* Stacks of formations of which none is farther than so many pixels from the first. */
  function stacks(map, formations, pixels) {
    const found = [];
    for (const one of formations) {
      const [x, y] = map.at(one.how.x, one.how.y);
      const near = found.find((stack) => Math.hypot(stack.x - x, stack.y - y) < pixels);
      if (near) near.members.push(one);
      else found.push({x, y, members: [one]});
    }
    return found;
  }

  const rankOf = (formation) => RANKS.indexOf(formation.echelon);

  /* The headquarters above a formation that is no higher than a rank; itself without any. */
  function upTo(rank, id, formations) {
    let found = id;
    for (let up = id; up && formations[up]; up = formations[up].parent) {
      if (rankOf(formations[up]) >= rank) found = up;
    }
    return found;
  }

  function merged(shown, up) {
    const found = new Map();
    for (const {id, members} of shown) {
      const over = up(id);
      found.set(over, [...(found.get(over) || []), ...members]);
    }
    /* Nobody stands for one alone. */
    return [...found].map(([id, members]) => ({id: members.length === 1 ? members[0].id : id, members}));
  }

  /* Symbols of one side in a stack: those of the rank, and fewer where they are too many. */
  function symbolsOf(members, formations, {rank, most}) {
    let shown = merged(members.map((one) => ({id: one.id, members: [one]})),
      (id) => upTo(RANKS.indexOf(rank), id, formations));
    while (shown.length > most) {
      const below = shown.filter(({id}) => formations[id].parent);
      if (below.length === 0) break;
      const lowest = Math.max(...below.map(({id}) => rankOf(formations[id])));
      const before = shown.length;
      shown = merged(shown, (id) => (
        formations[id].parent && rankOf(formations[id]) === lowest ? formations[id].parent : id));
      if (shown.length === before) break;
    }
    return shown.sort((a, b) => sum(b.members, "personnel") - sum(a.members, "personnel"));
  }

  function sum(members, what) {
    return members.reduce((total, {how}) => total + how[what], 0);
  }

  function words({id, members}, formations) {
    const men = Math.round(sum(members, "personnel")).toLocaleString("en");
    const tanks = Math.round(sum(members, "tanks")).toLocaleString("en");
    const status = members.length === 1 ? `, ${members[0].how.status}`
      : `: ${members.map((one) => formations[one.id].name).join(", ")}`;
    return `${formations[id].name}, ${men} men${tanks === "0" ? "" : `, ${tanks} tanks`}${status}`;
  }

  function isSelected({id, members}) {
    const {selection} = state;
    return selection !== null && selection.kind === "formation" &&
      (selection.id === id || members.some((one) => one.id === selection.id));
  }

  function draw(symbol, left, top, formations) {
    const {id, members} = symbol;
    const status = members.length === 1 ? members[0].how.status.replaceAll(" ", "-") : "several";
    const first = members.reduce((total, one) => total + formations[one.id].personnel, 0);
    const present = first > 0 ? Math.min(1, sum(members, "personnel") / first) : 1;
    const pocket = members.some(({how}) => how.status === "pocket");
    const made = svg("g", {
      class: `formation ${status}${isSelected(symbol) ? " selected" : ""}`,
      "data-formation": id, transform: `translate(${left.toFixed(1)} ${top.toFixed(1)})`,
    },
    svg("title", {}, words(symbol, formations)),
    svg("rect", {class: "touch", x: -13, y: -13, width: 26, height: 26}),
    svg("use", {href: `#${formations[id].symbol}`, transform: `scale(${DRAWN}) translate(-100 -100)`}),
    svg("path", {class: "strength-of", d: "M-9 12h18"}),
    svg("path", {class: "strength", d: `M-9 12h${(18 * present).toFixed(1)}`}),
    pocket ? svg("circle", {class: "pocket-ring", r: 15}) : null,
    members.length > 1 ? svg("text", {class: "count", x: 11, y: 11}, String(members.length)) : null);
    made.addEventListener("click", () => sandtable.set({selection: {kind: "formation", id}}));
    return made;
  }

  /* Above the point, in rows of two, the strongest nearest to it. */
  function drawStack(stack, run, crowded) {
    const {formations, sides} = data("names", run);
    const found = [];
    const there = new Set(stack.members.map(({id}) => sides[formations[id].side].coalition));
    for (const [coalition, way] of [["attacker", -1], ["defender", 1]]) {
      const own = stack.members.filter(({id}) => sides[formations[id].side].coalition === coalition);
      symbolsOf(own, formations, crowded).forEach((symbol, k) => {
        const across = way * STEP.across * (0.5 + (k % 2)) - (there.size > 1 ? 0 : way * STEP.across / 2);
        const down = ABOVE + STEP.down * Math.floor(k / 2);
        found.push(draw(symbol, stack.x + across, stack.y - down, formations));
      });
    }
    return found;
  }

  sandtableMap.layer("formations", (map, group) => {
    function update() {
      const {formations} = data("names", map.run);
      const all = standing(map.run);
      const crowd = all.length * SCREEN / (map.width * map.height * sandtableMap.view.zoom ** 2);
      const crowded = CROWDED.find(({many}) => crowd >= many);
      const shown = all.filter(({id}) => crowded.services || formations[id].type !== "services");
      /* From north to south, so that what is nearer lies on top. */
      const found = stacks(map, shown, crowded.near).sort((a, b) => a.y - b.y);
      group.replaceChildren(...found.flatMap((stack) => drawStack(stack, map.run, crowded)));
    }

    sandtable.on("selection", () => { if (map.scale) update(); });
    return {update};
  });
})();
