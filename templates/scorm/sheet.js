// A worksheet inside a system that runs SCORM packages: draws the student's questions at the first launch, keeps what is
// typed, and reports each answer as an interaction. It holds no key, so it gives no mark.
(() => {
  const VERSIONS = {
    1.2: {
      api: "API",
      calls: { begin: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", end: "LMSFinish", fault: "LMSGetLastError" },
      mode: "cmi.core.lesson_mode",
      name: "cmi.core.student_name",
      status: "cmi.core.lesson_status",
      exit: "cmi.core.exit",
      spent: ["cmi.core.session_time", clock],
      when: ["time", (now) => now.toTimeString().slice(0, 8)],
      response: "student_response",
      comma: ",",
      join: ".",
      room: 4096,
      piece: { "fill-in": 255 },
    },
    2004: {
      api: "API_1484_11",
      calls: { begin: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", end: "Terminate", fault: "GetLastError" },
      mode: "cmi.mode",
      name: "cmi.learner_name",
      status: "cmi.completion_status",
      exit: "cmi.exit",
      spent: ["cmi.session_time", (seconds) => `PT${seconds}S`],
      when: ["timestamp", (now) => `${now.toISOString().slice(0, 19)}.00Z`],
      response: "learner_response",
      comma: "[,]",
      join: "[.]",
      room: 64000,
      piece: { "fill-in": 250, "long-fill-in": 4000 },
    },
  };
  const PAUSE = 3000; // milliseconds without a key pressed, after which answers are stored
  const LINE = "\u240a"; // stands for a line break, which some systems refuse inside a response
  const MORE = "\u2417"; // ends a piece of an answer of which another piece follows

  const main = document.getElementById("main");
  const form = main.querySelector("form");
  const bar = document.getElementById("bar");
  const news = document.getElementById("news");
  const handInButton = document.getElementById("hand-in");
  const notYet = document.getElementById("not-yet");
  const is2004 = main.dataset.scorm === "2004";
  const version = VERSIONS[main.dataset.scorm];
  const began = Date.now();
  const say = (text) => { news.textContent = text; };

  // The system -------------------------------------------------------------------------------------------------------

  const api = found(window) || (window.opener && found(window.opener)) || (top.opener && found(top.opener));
  let connected = false; // the system answers
  let stores = false; // and this is a sitting of which it is to keep something
  let refused = [];

  function found(frame) {
    for (let depth = 0; depth < 100; depth += 1) {
      try {
        if (frame[version.api]) return frame[version.api];
      } catch {
        // A frame of another site cannot be looked into; the system's may still be above it.
      }
      if (frame.parent === frame) break;
      frame = frame.parent;
    }
    return null;
  }

  const call = (name, ...values) => String(api[version.calls[name]](...values));
  const get = (element) => call("get", element);

  function set(element, value) {
    if (call("set", element, String(value)) !== "true") refused.push(`${element} (${call("fault")})`);
  }

  function connect() {
    if (!api) return false;
    if (call("begin", "") === "true") return true;
    get(version.mode); // it may have begun already
    return call("fault") === "0";
  }

  function clock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  function trouble(text) {
    const note = document.getElementById("trouble");
    note.textContent = text;
    note.hidden = text === "";
  }

  // What is kept from sitting to sitting -----------------------------------------------------------------------------

  // Each question is kept as its code and the texts of its answers; null for a text that is too long to be kept. `further` has
  // the field of each interaction after those of the fields themselves: one that holds a further piece of a long answer.
  const state = { quizgen: 1, sheet: [], further: [], handed: "" };

  function restore() {
    const text = connected ? get("cmi.suspend_data") : "";
    if (text === "" || text === "null") return;
    try {
      const kept = JSON.parse(text);
      if (kept.quizgen !== 1 || !Array.isArray(kept.sheet) || !Array.isArray(kept.further)) throw new Error("not ours");
      Object.assign(state, kept);
    } catch {
      trouble("What was stored of your worksheet cannot be read, so that you begin anew. Tell your teacher.");
    }
  }

  function packed() {
    const texts = fields.map((field) => (field.away ? null : sheet.read(field.element)));
    const written = () => {
      state.sheet = questions.map((question) => [
        question.code,
        ...fields.flatMap((field, place) => (field.question === question ? [texts[place]] : [])),
      ]);
      return JSON.stringify(state);
    };
    let text = written();
    const lengths = texts.map((kept) => (kept || "").length);
    while (text.length > version.room && Math.max(...lengths) > 0) {
      const longest = lengths.indexOf(Math.max(...lengths));
      lengths[longest] = 0;
      texts[longest] = null;
      text = written();
    }
    return text;
  }

  // Questions --------------------------------------------------------------------------------------------------------

  const questions = [];
  const fields = [];
  const waiting = new Map();
  let sheet = null;

  window.quizgenQuestion = (question) => waiting.get(question.ident)(question);

  function fetched(code) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      waiting.set(`qg-${code}`, resolve);
      script.src = `questions/qg-${code}.js`;
      script.onerror = () => reject(new Error(code));
      document.head.append(script);
    });
  }

  // The question of a place: the one that was drawn before, as long as the package has it, or any.
  function drawn(place) {
    const codes = place.dataset.codes.split(" ");
    const before = state.sheet.find((kept) => codes.includes(kept[0]));
    return before || [codes[Math.floor(Math.random() * codes.length)]];
  }

  async function lay(places) {
    const chosen = places.map(drawn);
    const made = await Promise.all(chosen.map(([code]) => fetched(code)));
    const kept = {};
    made.forEach((question, index) => {
      const inside = document.createElement("template");
      inside.innerHTML = question.html;
      places[index].replaceWith(inside.content);
      const [code, ...texts] = chosen[index];
      questions.push({ code, title: question.title });
      Object.entries(question.fields).forEach(([name, answer], place) => {
        const field = { name, id: `${question.ident}.${answer}`, question: questions[index], away: texts[place] === null };
        fields.push(field);
        kept[name] = texts[place];
      });
    });
    sheet = quizgenFields(form, changed, say);
    for (const field of fields) field.element = sheet.all.find((element) => element.dataset.field === field.name);
    sheet.fill(kept);
    sheet.begin();
    for (const field of fields.filter((one) => one.away)) markAway(field);
  }

  function markAway(field) {
    const note = document.createElement("p");
    note.className = "hint away";
    note.textContent = "Your answer is stored, but it is too long to be shown here again. What you type here takes its place.";
    field.element.append(note);
  }

  // Interactions -----------------------------------------------------------------------------------------------------

  const reported = []; // by place: what was reported in this sitting

  function clean(text) {
    const lines = text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ");
    return lines.replace(/\p{Surrogate}/gu, "\ufffd").trim().replace(/\n/g, LINE);
  }

  // The type and the text of a response; what the type of its kind cannot express is reported as it would be typed.
  function response(field) {
    const text = clean(sheet.read(field.element));
    const parts = text.split(" ");
    const kind = field.element.dataset.kind;
    const choices = { one: "choice", select: "choice", many: "choice", arrange: "sequencing" };
    const lower = (labels) => (is2004 ? labels : labels.toLowerCase()); // single small letters are what 1.2 knows
    if (choices[kind] && parts.every((label) => /^[A-Za-z0-9]$/.test(label))) {
      return [choices[kind], lower(parts.join(version.comma))];
    }
    if (kind === "match" && parts.every((pair) => /^[A-Za-z0-9]{1,2}-[A-Za-z0-9]{1,2}$/.test(pair))) {
      return ["matching", lower(parts.map((pair) => pair.replace("-", version.join)).join(version.comma))];
    }
    const long = is2004 && (kind === "essay" || text.length > 250 || text.includes("["));
    return [long ? "long-fill-in" : "fill-in", is2004 && text.startsWith("{") ? ` ${text}` : text];
  }

  // Pieces of a text, none longer than the limit. A piece neither begins nor ends with a blank, which could get lost.
  function cut(text, limit) {
    const pieces = [];
    let rest = text;
    const firm = (at) => /\S/.test(rest[at - 1]) && /[^\s{\udc00-\udfff]/.test(rest[at]);
    while (rest.length > limit) {
      let at = limit - MORE.length;
      while (at > 1 && !firm(at)) at -= 1;
      if (at === 1) at = limit - 2; // nothing but blanks, or marks that may not stand at the beginning
      pieces.push(rest.slice(0, at) + MORE);
      rest = rest.slice(at);
    }
    return [...pieces, rest];
  }

  // Each field has the interaction at its own place, and further ones at the end once its answer needs more pieces; these stay
  // its own, and are blank when the answer needs them no more. Of an answer that is not here any more only the ids are
  // reported: the system has the rest, and counts interactions without gaps.
  function report() {
    const made = fields.map((field) => (field.away ? [] : pieces(field)));
    fields.forEach((field, place) => write(place, { id: field.id, ...made[place][0] }));
    fields.forEach((field, place) => {
      furtherPlaces(place, made[place].length - 1).forEach((further, index) => {
        const blank = field.away ? {} : { ...made[place][0], text: "" };
        write(further, { ...blank, ...made[place][index + 1], id: `${field.id}.${index + 2}` });
      });
    });
  }

  function pieces(field) {
    const [type, text] = response(field);
    const limit = version.piece[type];
    const title = field.question.title;
    return limit ? cut(text, limit).map((piece) => ({ type, title, text: piece })) : [{ type, title, text }];
  }

  function furtherPlaces(place, count) {
    const mine = () => state.further.flatMap((owner, index) => (owner === place ? [fields.length + index] : []));
    while (mine().length < count) state.further.push(place);
    return mine();
  }

  function write(place, { id, type, text, title }) {
    const whole = JSON.stringify([id, type, text]);
    if (reported[place] === whole) return;
    const before = refused.length;
    const element = `cmi.interactions.${place}`;
    const [when, moment] = version.when;
    set(`${element}.id`, id);
    if (type) {
      set(`${element}.type`, type);
      set(`${element}.${when}`, moment(new Date()));
      if (is2004) set(`${element}.description`, clean(title).slice(0, 240).replace(/^\{/, " {"));
      if (text !== "" || reported[place]) set(`${element}.${version.response}`, text);
      set(`${element}.result`, "neutral");
    }
    if (refused.length === before) reported[place] = whole;
  }

  // Storing ----------------------------------------------------------------------------------------------------------

  let timer = 0;

  function store() {
    clearTimeout(timer);
    if (!stores || !sheet) return false;
    refused = [];
    report();
    set("cmi.suspend_data", packed());
    if (call("commit", "") !== "true") refused.push(`commit (${call("fault")})`);
    trouble(refused.length ? `The course did not store everything: ${refused.slice(0, 3).join(", ")}. Keep a copy of your answers and tell your teacher.` : "");
    return refused.length === 0;
  }

  function changed(element) {
    const field = fields.find((one) => one.element === element);
    if (field.away) {
      field.away = false;
      element.querySelector(".away").remove();
    }
    clearTimeout(timer);
    timer = setTimeout(() => { if (store()) say("Stored in the course."); }, PAUSE);
  }

  function handIn() {
    state.handed = new Date().toISOString();
    refused = [];
    set(version.status, "completed");
    if (refused.length === 0 && store()) {
      lock();
      return;
    }
    state.handed = "";
    set(version.status, "incomplete");
    say("Not handed in: the course did not take it. Try again in a moment.");
  }

  function lock() {
    for (const control of form.elements) control.disabled = true;
    ask(false);
    handInButton.hidden = true;
    say("Handed in. You can close this page.");
  }

  function ask(sure) {
    notYet.hidden = !sure;
    handInButton.textContent = sure ? "Hand in now" : "Hand in";
    handInButton.dataset.sure = sure ? "yes" : "";
  }

  function end() {
    if (!connected) return;
    if (stores) {
      if (!state.handed) store();
      const [spent, worded] = version.spent;
      set(spent, worded(Math.round((Date.now() - began) / 1000)));
      set(version.exit, "suspend"); // the next launch goes on with this sheet, unless the system begins a new attempt
    }
    call("end", "");
    connected = false;
    stores = false;
  }

  async function begin() {
    connected = connect();
    const mode = connected ? get(version.mode) : "";
    stores = connected && mode !== "browse" && mode !== "review";
    restore();
    const resumed = state.sheet.length > 0;
    try {
      await lay([...form.querySelectorAll("[data-codes]")]);
    } catch (error) {
      stores = false; // or an empty sheet would take the place of what was stored
      trouble(`A question could not be loaded (${error.message}). Close this page and open it again.`);
      return;
    }
    if (connected) {
      const name = get(version.name);
      document.getElementById("name").textContent = name;
      document.getElementById("who").hidden = name === "";
    }
    bar.hidden = false;
    if (state.handed) {
      lock();
    } else if (stores) {
      set(version.status, "incomplete");
      store();
      if (resumed) say("Your answers are back.");
    } else {
      handInButton.hidden = true;
      trouble(connected ? "Nothing that you type here is stored: the course shows this sheet only to be looked at." : "This page is not connected to a course: nothing that you type here is stored or handed in.");
    }
  }

  handInButton.addEventListener("click", () => {
    if (handInButton.dataset.sure) {
      handIn();
      return;
    }
    const open = sheet.open();
    ask(true);
    say(`${open ? `${open} ${open === 1 ? "answer is" : "answers are"} still open. ` : ""}What is handed in cannot be changed any more.`);
  });
  notYet.addEventListener("click", () => { ask(false); say(""); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !state.handed) store();
  });
  addEventListener("beforeunload", () => { if (!state.handed) store(); });
  addEventListener("pagehide", end);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  begin();
})();
