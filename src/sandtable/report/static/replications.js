/* Which replication is shown: those that the report tells in full by name, any other by number. */
"use strict";

(function () {
  const {element, data, set, state} = sandtable;
  const box = document.getElementById("replications");
  const {told, names} = data("replications");
  const {numbers} = data("members");
  const OTHER = "other";

  const listed = element("select", {id: "replication", on: {change: choose}},
    ...told.map(({number, called}) => element("option", {value: number},
      called.length ? `${called.join(", ")} (number ${number})` : `number ${number}`)),
    element("option", {value: OTHER}, "another number \u2026"));
  const number = element("input", {
    type: "number", min: numbers[0], max: numbers[numbers.length - 1], step: 1, hidden: "",
    "aria-label": "number of the replication", on: {change: () => show(Number(number.value))},
  });
  const note = element("span", {class: "note", role: "status"});

  function choose() {
    if (listed.value === OTHER) {
      number.hidden = false;
      number.focus();
    } else show(Number(listed.value));
  }

  function show(chosen) {
    if (numbers.includes(chosen) || sandtable.replication(chosen) !== null) set({rep: chosen});
    else note.textContent = `There is no replication ${chosen}.`;
  }

  /* What the names of the replication that is shown mean. */
  function meaning() {
    const {called} = sandtable.replication();
    return called.map((name) => names[name]).join("; ");
  }

  function update() {
    const full = sandtable.replication() !== null;
    listed.value = full ? String(state.rep) : OTHER;
    number.hidden = full;
    number.value = state.rep;
    note.textContent = full ? meaning() :
      `Of replication ${state.rep} this page has fronts and series only; ` +
      `sandtable report RUN --replication ${state.rep} puts its formations and battles in.`;
  }

  box.append(element("label", {for: "replication"}, "Replication"), listed, number, note);
  sandtable.on("rep", update);
})();
