/* The bar of time: slider with the campaign's events, playing, stepping, and the replications. */
"use strict";

(function () {
  const {element, svg, data, state, set} = sandtable;
  const bar = document.getElementById("time");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  /* ---- a scale of time, on which days without any part of the campaign are short ----------- */

  const GAP = 0.25;

  /* Stretches of time, each with the days that it counts for on the scale. */
  function stretchesOf(run) {
    const found = [];
    let last = 0;
    for (const {start, end} of data("time", run).parts) {
      if (start > last) found.push([last, start, Math.min(start - last, GAP)]);
      found.push([start, end, end - start]);
      last = end;
    }
    const whole = sandtable.days;
    if (whole > last) found.push([last, whole, Math.min(whole - last, GAP)]);
    return found;
  }

  const stretches = stretchesOf(0);
  const length = stretches.reduce((sum, [, , counted]) => sum + counted, 0);

  /* Share (0-1) of the scale at which a day lies, and the day that lies at a share. */
  function shareOf(day) {
    let before = 0;
    for (const [start, end, counted] of stretches) {
      if (day <= end) return (before + counted * Math.max(0, day - start) / (end - start)) / length;
      before += counted;
    }
    return 1;
  }

  function dayAt(share) {
    let left = share * length;
    for (const [start, end, counted] of stretches) {
      if (left <= counted) return start + (end - start) * left / counted;
      left -= counted;
    }
    return sandtable.days;
  }

  sandtable.timeScale = {shareOf, dayAt};

  /* ---- moving ------------------------------------------------------------------------------ */

  const STEPS = 4000;
  let playing = null;
  let speed = 1;

  function go(day) {
    set({day: Math.min(sandtable.days, Math.max(0, day))});
  }

  /* The next of some days after this one (or before it); the campaign's end if there is none. */
  function jump(listed, back = false) {
    const near = 1e-3;
    const found = back
      ? listed.filter((day) => day < state.day - near).pop()
      : listed.find((day) => day > state.day + near);
    go(found === undefined ? (back ? 0 : sandtable.days) : found);
  }

  function stops() {
    const {moments, parts} = data("time");
    const within = (day) => parts.some(({start, end}) => start - 1e-3 <= day && day <= end + 1e-3);
    const bounds = parts.flatMap(({start, end}) => [start, end]);
    return [...new Set([...moments.filter(within), ...bounds])].sort((a, b) => a - b);
  }

  function battles() {
    const told = sandtable.replication();
    const begun = told ? told.battles.filter((one) => one.place === "").map((one) => one.start) : [];
    return [...new Set(begun)].sort((a, b) => a - b);
  }

  function pause() {
    if (playing !== null) cancelAnimationFrame(playing);
    playing = null;
    bar.classList.remove("playing");
    controls.play.replaceChildren(icon("play"));
    controls.play.setAttribute("aria-label", "play");
  }

  /* Days of the scale go by at the chosen speed; without motion it goes from day to day. */
  function play() {
    if (state.day >= sandtable.days) go(0);
    bar.classList.add("playing");
    controls.play.replaceChildren(icon("pause"));
    controls.play.setAttribute("aria-label", "pause");
    let before = null;
    let waited = 0;
    const frame = (now) => {
      const passed = before === null ? 0 : (now - before) / 1000 * speed;
      before = now;
      if (still.matches) {
        waited += passed;
        if (waited >= 1) {
          waited = 0;
          jump(stops());
        }
      } else go(dayAt(Math.min(1, shareOf(state.day) + Math.min(passed, 0.5) / length)));
      if (state.day >= sandtable.days) pause();
      else playing = requestAnimationFrame(frame);
    };
    playing = requestAnimationFrame(frame);
  }

  function toggle() {
    if (playing === null) play();
    else pause();
  }

  /* ---- what it is made of ------------------------------------------------------------------ */

  function button(text, label, act) {
    return element("button", {type: "button", "aria-label": label, title: label, on: {click: act}}, text);
  }

  const ICONS = {
    play: "M3 1L13 7L3 13Z", pause: "M2 1H6V13H2ZM8 1H12V13H8Z", start: "M2 1H4V13H2ZM13 1L5 7L13 13Z",
    back: "M10 1L4 7L10 13Z", on: "M4 1L10 7L4 13Z",
  };

  function icon(name) {
    return svg("svg", {class: "icon", viewBox: "0 0 14 14", "aria-hidden": "true"},
      svg("path", {d: ICONS[name]}));
  }

  const byHand = (act) => () => {
    pause();
    act();
  };

  const controls = {
    play: button(icon("play"), "play", toggle),
    slider: element("input", {
      type: "range", min: 0, max: STEPS, step: 1, "aria-label": "time", class: "slider",
      on: {input: (event) => {
        pause();
        go(dayAt(event.target.value / STEPS));
      }},
    }),
    clock: element("output", {class: "clock", "aria-live": "off"}),
    ticks: svg("svg", {class: "ticks", "aria-hidden": "true", preserveAspectRatio: "none", viewBox: "0 0 1000 24"}),
    phases: element("div", {class: "phases"}),
    speed: element("select", {"aria-label": "speed", on: {change: (event) => {
      speed = Number(event.target.value);
    }}}, ...[0.25, 0.5, 1, 2, 4].map((days) => element(
      "option", {value: days, selected: days === speed ? "" : null}, `${days} d/s`))),
  };

  function drawTicks() {
    const told = sandtable.replication();
    const kinds = {"battle begins": 8, captured: 12, encircled: 14, surrendered: 14, destroyed: 14};
    const marks = (told ? told.events : []).filter(({kind}) => kinds[kind]).map(({day, kind}) => {
      const x = 1000 * shareOf(day);
      return svg("path", {class: `tick ${kind.replaceAll(" ", "-")}`, d: `M${x.toFixed(1)} 24v-${kinds[kind]}`});
    });
    controls.ticks.replaceChildren(...marks);
  }

  function drawPhases() {
    const {parts} = data("time");
    if (parts.length < 2) return;
    controls.phases.replaceChildren(...parts.map(({id, name, start, end}) => {
      const made = element("button", {type: "button", class: "phase", title: name, on: {
        click: byHand(() => go(start)),
      }}, name);
      made.dataset.part = id;
      made.style.left = `${100 * shareOf(start)}%`;
      made.style.width = `${100 * (shareOf(end) - shareOf(start))}%`;
      return made;
    }));
  }

  function showDay() {
    const {day} = state;
    controls.slider.value = Math.round(STEPS * shareOf(day));
    const told = `${sandtable.momentText(day)} \u00b7 day ${day.toFixed(1)}`;
    controls.clock.textContent = told;
    controls.slider.setAttribute("aria-valuetext", told);
    const now = data("time").parts[sandtable.partAt(day)].id;
    for (const phase of controls.phases.children) phase.classList.toggle("now", phase.dataset.part === now);
  }

  function byKeys(event) {
    const own = ["INPUT", "SELECT", "TEXTAREA", "BUTTON", "A", "SUMMARY"].includes(event.target.tagName);
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (own && event.target !== controls.slider) return;
    if (event.key === " ") toggle();
    else if (event.key === "ArrowRight") byHand(() => jump(stops()))();
    else if (event.key === "ArrowLeft") byHand(() => jump(stops(), true))();
    else return;
    event.preventDefault();
  }

  bar.append(
    element("div", {class: "buttons"},
      button(icon("start"), "to the beginning", byHand(() => go(0))),
      button(icon("back"), "a day back", byHand(() => jump(stops(), true))),
      controls.play,
      button(icon("on"), "a day on", byHand(() => jump(stops()))),
      button("next battle", "to the next battle", byHand(() => jump(battles()))),
      controls.speed,
      controls.clock),
    element("div", {class: "track"}, controls.phases, controls.ticks, controls.slider),
  );
  drawPhases();
  document.addEventListener("keydown", byKeys);
  sandtable.on("day", showDay);
  sandtable.on("rep", drawTicks);
})();
