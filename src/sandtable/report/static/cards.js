/* The card of what is selected: a formation, place, axis, battle, claim, assumption or variant. A
   click on anything that has one selects it, and so do the buttons in tables and in other cards.
   Uses the data "evidence" beside those of the map. */
"use strict";

sandtable.cards = (function () {
  const {state, set, on, data, element, svg, dateText, momentText} = sandtable;
  const {number} = sandtable.charts;

  /* ---- pieces ------------------------------------------------------------------------------ */

  /* A link that selects something. */
  function link(kind, id, text) {
    const select = (event) => {
      event.preventDefault();
      set({selection: {kind, id}});
    };
    return element("a", {href: `#select=${kind}:${id}`, on: {click: select}}, text);
  }

  let refreshed = [];

  /* Words that change with the day that is shown. */
  function live(text) {
    const made = element("span", {}, text());
    refreshed.push(() => { made.textContent = text(); });
    return made;
  }

  /* A list of terms: [term, text or element] pairs, those without anything left out. */
  function terms(pairs) {
    const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
    return element("dl", {}, ...told.flatMap(([term, value]) => [
      element("dt", {}, term), element("dd", {}, ...[value].flat()),
    ]));
  }

  function listed(items) {
    return element("ul", {}, ...items.map((item) => element("li", {}, ...[item].flat())));
  }

  function heading(text) {
    return element("h3", {}, text);
  }

  /* Things with commas between them. */
  function joined(items) {
    return items.flatMap((item, k) => (k ? [", ", item] : [item]));
  }

  function range([low, high], unit = "") {
    const told = low === high ? number(low) : `${number(low)} to ${number(high)}`;
    return `${told} ${units(unit)}`.trim();
  }

  /* A unit as it stands beside several: "persons", but "km". */
  function units(unit) {
    return ["km", "share", "aircraft", ""].includes(unit) || unit.includes("/") ? unit : `${words(unit)}s`;
  }

  /* Persons are whole. */
  const persons = (count) => (count === null ? "–" : number(Math.round(count)));

  const words = (id) => id.replaceAll("-", " ");
  const names = () => data("names");
  const nameOf = (table, id) => (names()[table][id] || {name: words(id)}).name;
  const formation = (id) => link("formation", id, nameOf("formations", id));
  const place = (id) => link("place", id, nameOf("places", id));

  /* ---- evidence ---------------------------------------------------------------------------- */

  let uses = null;

  /* The scenario's quantities, with what they rest on. */
  function quantities() {
    if (uses === null) {
      const {quantities: rows, words: texts} = data("evidence");
      uses = rows.map(([key, low, high, kind, unit, because, until, facts]) => ({
        key, range: [low, high], kind: texts[kind], unit: texts[unit], because: texts[because], until: texts[until],
        facts: facts.map((fact) => texts[fact]),
      }));
    }
    return uses;
  }

  /* Where a fact stands: the document, and the line in it. */
  function sourceText(id, line) {
    const source = data("evidence").sources[id];
    const reference = source ? source.reference : id;
    return line === null || line === undefined ? `${reference}, no line recorded` : `${reference}, line ${line}`;
  }

  function factItem(id) {
    const fact = data("evidence").facts[id];
    const value = fact.value ? `: ${fact.value}` : "";
    const note = fact.note ? ` (${fact.note})` : "";
    return `${fact.what}${value}${note}. ${sourceText(fact.source, fact.line)}`;
  }

  /* One quantity: its value, and what it rests on. */
  function quantityItem(field, use) {
    const told = [element("strong", {}, words(field.replaceAll("_", " "))), ` ${range(use.range, use.unit)}, `];
    if (use.because) told.push(link("assumption", use.key, use.kind), ": ", use.because);
    else told.push(use.kind);
    const facts = use.facts.map(factItem);
    return facts.length ? [...told, listed(facts)] : told;
  }

  function assumption(id) {
    const use = quantities().find((one) => one.key === id);
    if (use === undefined) return null;
    return {
      title: id, kind: use.facts.length ? "Derived quantity" : "Assumption",
      body: [
        terms([
          ["value", range(use.range, use.unit)],
          ["because", use.because],
          ["until", use.until],
        ]),
        ...(use.facts.length ? [heading("Facts"), listed(use.facts.map(factItem))] : []),
      ],
    };
  }

  function variant(id) {
    const told = data("evidence").variants.find((one) => one.id === id);
    if (told === undefined) return null;
    return {
      title: id, kind: "Variant",
      body: [
        element("p", {}, told.question),
        heading("It changes"), listed(told.sets.map((key) => element("code", {}, key))),
        element("p", {class: "quiet"}, `sandtable run SCENARIO --variant ${id}`),
      ],
    };
  }

  /* ---- claims ------------------------------------------------------------------------------ */

  function claim(id) {
    const told = data("claims").find((one) => one.claim === id);
    if (told === undefined) return unanswered(id);
    const {claims, sources} = data("evidence");
    const source = sources[told.source];
    const outcome = sandtable.brush.outcomes.find((one) => one.name === told.outcome);
    return {
      title: told.label, kind: "Recorded claim",
      body: [
        terms([
          ["claimed", withUnit(told.record, told)],
          ["by", told.claimant],
          ["run, median", withUnit(told.median, told)],
          ["verdict", told.given ? `${told.verdict}; an order of the scenario sets it` : told.verdict],
          ["note", told.note],
          ["source", sourceText(told.source, claims[id])],
          ["what it is", source && source.kind],
          ["good for", source && source.good_for],
          ["known errors", source && source.errors.length ? listed(source.errors) : null],
        ]),
        ...subject(told),
        ...(outcome ? [distribution(outcome)] : []),
      ],
    };
  }

  /* A value of a claim's outcome: a date if it is the time of an event. */
  function valueText(told, value) {
    if (value === null) return "–";
    if (value === "never") return "never";
    return told.unit === "day" && told.kind !== "halted" ? dateText(value) : number(value);
  }

  function withUnit(text, told) {
    return told.unit === "day" || /^[a-z]/.test(text) ? text : `${text} ${units(told.unit)}`;
  }

  function unanswered(id) {
    const told = data("evidence").unanswered.find((one) => one.claim === id);
    if (told === undefined) return null;
    return {
      title: told.label, kind: "Recorded claim that the run does not answer",
      body: [terms([
        ["claimed", told.record], ["by", told.claimant], ["not answered", told.reason], ["note", told.note],
        ["source", sourceText(told.source, data("evidence").claims[id])],
      ])],
    };
  }

  function subject({about}) {
    const own = [];
    if (names().places[about.place]) own.push(place(about.place));
    if (names().axes[about.axis]) own.push(link("axis", about.axis, nameOf("axes", about.axis)));
    if (names().formations[about.formation]) own.push(formation(about.formation));
    return own.length ? [element("p", {}, "About ", ...joined(own))] : [];
  }

  /* The histogram of an outcome with its claims. */
  function distribution(outcome) {
    const {binned, histogram, claimsOn} = sandtable.brush;
    const claims = claimsOn(outcome.name);
    const {drawn} = histogram(outcome, binned(outcome), claims);
    return element("figure", {class: "chart"},
      element("figcaption", {}, `${outcome.label}: replications, with what is recorded above`), drawn);
  }

  /* ---- places and axes --------------------------------------------------------------------- */

  function placeCard(id) {
    const told = names().places[id];
    if (told === undefined) return null;
    const claims = data("claims").filter(({about}) => about.place === id || about.battle === id);
    const battles = battlesWhere((one) => one.place === id);
    return {
      title: told.name, kind: words(told.kind),
      body: [
        terms([
          ["held at H-hour by", nameOf("sides", told.side)],
          ["taken", live(() => sharesText(id))],
        ]),
        ...captures(id),
        heading("What is recorded"),
        claims.length ? listed(claims.map(claimItem)) : element("p", {}, "No claim."),
        ...battlesPart(battles),
      ],
    };
  }

  function sharesText(id) {
    const share = sandtable.takenShare(id);
    return `in ${Math.round(100 * share)} % of the replications by ${dateText(state.day)}`;
  }

  /* How the days of its capture are distributed, in each part of the campaign that has any. */
  function captures(id) {
    const {parts} = data("time");
    return data("captures").flatMap(({id: phase, days}, k) => {
      if (days[id] === undefined) return [];
      const outcome = {
        name: phase ? `phase/${phase}/captured/${id}` : `captured/${id}`, kind: "time of event", values: days[id],
        label: `${nameOf("places", id)} captured${parts[k] && parts[k].name ? `, ${parts[k].name}` : ""}`,
      };
      return [distribution(outcome)];
    });
  }

  function claimItem(told) {
    return [link("claim", told.claim, told.label), `: ${withUnit(told.record, told)} (${told.claimant}); run `
      + `${withUnit(told.median, told)}, ${told.verdict}`];
  }

  function axisCard(id) {
    const told = names().axes[id];
    if (told === undefined) return null;
    const panel = sandtable.charts.panels().find(({key}) => key === `front/${id}`);
    return {
      title: told.name, kind: "Axis of advance",
      body: [
        ...(panel ? [element("figure", {class: "chart"}, sandtable.charts.chart(panel).drawn)] : []),
        heading("Places"),
        listed(told.places.map((one, k) => {
          const planned = told.objectives.find(([objective]) => objective === one);
          const date = planned === undefined ? "" : ", objective";
          const by = planned === undefined || planned[1] === null ? "" : `, planned by ${dateText(planned[1])}`;
          return [place(one), ` ${number(told.km[k])} km${date}${by}`];
        })),
        heading("Column"),
        element("p", {}, ...joined(told.formations.map(formation))),
      ],
    };
  }

  /* ---- battles ----------------------------------------------------------------------------- */

  function battlesWhere(test) {
    const told = sandtable.replication();
    return told === null ? [] : told.battles.filter(test);
  }

  const battleId = (one) => `${one.battle}/${one.place}`;

  function battleName(one) {
    if (one.place) return nameOf("places", one.place);
    const siege = one.name.startsWith("siege/");
    return siege ? `siege of ${nameOf("places", one.name.slice(6))}` : nameOf("formations", one.name);
  }

  function battleItem(one) {
    const lost = `${persons(one.attacker_casualties)} to ${persons(one.defender_casualties)}`;
    return [link("battle", battleId(one), battleName(one)), ` ${dateText(one.start)}: ${one.decision}, losses ${lost}`];
  }

  function battlesPart(battles) {
    const head = heading(`Fighting in replication ${state.rep}`);
    if (sandtable.replication() === null) return [head, element("p", {}, "This page tells no battles of it.")];
    return [head, battles.length ? listed(battles.map(battleItem)) : element("p", {}, "None.")];
  }

  function battleCard(id) {
    const [one] = battlesWhere((battle) => battleId(battle) === id);
    if (one === undefined) return null;
    const within = battlesWhere((battle) => battle.battle === one.battle && battle.place && !one.place);
    const end = one.end === null ? "unfinished" : momentText(one.end);
    const ratio = one.ratio === null ? "no defenders" : `${number(one.ratio)} to 1`;
    const cause = one.cause ? `, cause: ${words(one.cause)}` : "";
    return {
      title: battleName(one), kind: one.place ? `Fight for a place, battle ${one.battle}` : `Battle ${one.battle}`,
      body: [
        terms([
          ["begins", momentText(one.start)], ["ends", end], ["in action", `${number(one.days)} days`],
          ["attackers", joined(one.attackers.map(formation))],
          ["defenders", joined(one.defenders.map(formation))],
          ["committed", `${persons(one.attacker_committed)} to ${persons(one.defender_committed)} persons`],
          ["force ratio", ratio],
          ["casualties", `${persons(one.attacker_casualties)} to ${persons(one.defender_casualties)} persons`],
          ["ground gained", `${number(one.ground)} km`],
          ["why it ended", `${one.decision}: ${data("evidence").decisions[one.decision]}${cause}`],
        ]),
        ...(one.place ? [element("p", {}, "At ", place(one.place))] : []),
        ...(within.length ? [heading("Fights for places"), listed(within.map(battleItem))] : []),
      ],
    };
  }

  /* ---- formations -------------------------------------------------------------------------- */

  function formationCard(id) {
    const told = names().formations[id];
    if (told === undefined) return null;
    const own = Object.entries(data("evidence").formations[id] || {});
    const below = Object.entries(names().formations).filter(([, other]) => other.parent === id);
    const fought = battlesWhere((one) => [...one.attackers, ...one.defenders].includes(id) && one.place);
    return {
      title: told.name, kind: `${nameOf("sides", told.side)}, ${words(told.type)} ${words(told.echelon)}`,
      body: [
        terms([
          ["under", told.parent ? formation(told.parent) : null],
          ["below it", below.length ? joined(below.map(([other]) => formation(other))) : null],
          ["at H-hour", strengthText(told)],
          ["now", live(() => nowText(id))],
        ]),
        ...sandtable.charts.course(id),
        ...(own.length ? [heading("Where its numbers come from"),
          listed(own.map(([field, k]) => quantityItem(field, quantities()[k])))] : []),
        ...(["headquarters", "services"].includes(told.type) ? [] : battlesPart(fought)),
      ],
    };
  }

  /* How it stands at the moment that is shown. */
  function nowText(id) {
    const how = sandtable.standing(id);
    if (how === null) return "not on the map";
    const where = nameOf("places", how.place);
    const toward = how.toward ? `, on the way to ${nameOf("places", how.toward)}` : "";
    return `${how.status} at ${where}${toward}: ${strengthText({guns: 0, ...how, personnel: Math.round(how.personnel)})}`;
  }

  function strengthText({personnel, tanks, guns}) {
    const told = [[personnel, "persons"], [tanks, "tanks"], [guns, "guns"]];
    return told.filter(([count]) => count > 0).map(([count, unit]) => `${number(count)} ${unit}`).join(", ");
  }

  /* ---- the card ---------------------------------------------------------------------------- */

  const CARDS = {
    formation: formationCard, place: placeCard, axis: axisCard, battle: battleCard, claim, assumption, variant,
  };
  const box = document.getElementById("card");
  let opener = null;

  function show() {
    refreshed = [];
    const {kind, id} = state.selection || {};
    const made = kind in CARDS ? CARDS[kind](id) : null;
    if (made === null) {
      const told = state.selection === null
        ? "Select a formation, a place, a front or a claim to see what is known of it."
        : "Of this the page tells nothing in this replication.";
      box.replaceChildren(element("p", {class: "quiet"}, told));
      return;
    }
    const title = element("h2", {id: "card-title", tabindex: -1}, made.title);
    box.replaceChildren(
      element("button", {type: "button", class: "close", "aria-label": "close the card", on: {click: close}}, "×"),
      title, element("p", {class: "quiet kind"}, made.kind), ...made.body,
    );
    box.dataset.kind = kind;
  }

  function close() {
    set({selection: null});
    if (opener !== null && opener.isConnected) opener.focus();
    opener = null;
  }

  function selected() {
    const within = box.contains(document.activeElement);
    if (state.selection !== null && !within) opener = document.activeElement;
    show();
    const title = document.getElementById("card-title");
    if (title !== null && started) {
      title.focus({preventScroll: true});
      title.scrollIntoView({block: "nearest"});
    }
  }

  /* Whatever has a name on the map, to be found by it. */
  function finder() {
    const tables = {formation: "formations", place: "places", axis: "axes"};
    const found = new Map();
    for (const [kind, table] of Object.entries(tables)) {
      for (const [id, {name}] of Object.entries(names()[table])) {
        found.set(found.has(name) ? `${name} (${kind} ${words(id)})` : name, {kind, id});
      }
    }
    const list = element("datalist", {id: "named"}, ...[...found.keys()].map((value) => element("option", {value})));
    const choose = (event) => {
      if (found.has(event.target.value)) set({selection: found.get(event.target.value)});
    };
    const input = element("input", {id: "find", list: "named", autocomplete: "off", on: {change: choose}});
    return [element("label", {for: "find"}, "Find a formation, place or axis"), input, list];
  }

  document.getElementById("finder").append(...finder());

  let started = false;

  on("selection", selected);
  on("day", () => {
    for (const refresh of refreshed) refresh();
  });
  on("rep", show);
  on("brush", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.selection !== null) close();
  });
  window.addEventListener("load", () => { started = true; });

  return {quantities, link, persons, valueText, battleId, battleName, nameOf, words, range, withUnit};
})();
