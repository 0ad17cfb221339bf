/* A layer of the map: battles as they burn, in the replication that is shown. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const SPIKES = 8;

  const star = Array.from({length: 2 * SPIKES}, (_, k) => {
    const far = k % 2 ? 5 : 11;
    const angle = Math.PI * k / SPIKES;
    return `${k ? "L" : "M"}${(far * Math.sin(angle)).toFixed(1)} ${(-far * Math.cos(angle)).toFixed(1)}`;
  }).join("") + "Z";

  function thousands(count) {
    return count >= 9950 ? `${Math.round(count / 1000)}k`
      : count >= 995 ? `${(count / 1000).toFixed(1)}k` : String(Math.round(count));
  }

  /* Fights for places that are going on: phases of battles, one a place and battle. */
  function burning(run) {
    const told = sandtable.replication(state.rep, run);
    if (told === null) return [];
    const {parts} = data("time", run);
    /* A fight without an end lasts to that of its phase. */
    const endOf = ({start, end}) => end ?? parts[sandtable.partAt(start, run)].end;
    return told.battles.filter((fight) =>
      fight.place !== "" && fight.start <= state.day && state.day <= endOf(fight));
  }

  function words(fight, {places, formations}) {
    const name = (id) => (formations[id] ? formations[id].name : id);
    return `${places[fight.place].name}: ${thousands(fight.attacker_committed)} attack ` +
      `${thousands(fight.defender_committed)}; ${fight.attackers.map(name).join(", ")} ` +
      `against ${fight.defenders.map(name).join(", ")}`;
  }

  sandtableMap.layer("battles", (map, group) => {
    let before = null;

    function update() {
      const names = data("names", map.run);
      const now = burning(map.run);
      const key = JSON.stringify([state.rep, map.scale, now.map(({battle, place}) => [battle, place])]);
      if (key === before) return;
      before = key;
      group.replaceChildren(...now.map((fight) => {
        const {x, y} = names.places[fight.place];
        const [left, top] = map.at(x, y);
        const strengths =
          `${thousands(fight.attacker_committed)} : ${thousands(fight.defender_committed)}`;
        const made = svg("g", {
          class: "battle", transform: `translate(${left.toFixed(1)} ${top.toFixed(1)})`,
        }, svg("title", {}, words(fight, names)), svg("path", {d: star}),
        svg("text", {y: 21}, strengths));
        made.addEventListener("click", () => sandtable.set({
          selection: {kind: "battle", id: `${fight.battle}/${fight.place}`},
        }));
        return made;
      }));
    }

    return {layout: () => { before = null; }, update};
  });
})();
