// What the pages do beyond links and forms: files into the field, reasoning as it is written, findings lit up.
"use strict";

document.documentElement.classList.add("js");

// --- a file, chosen or dropped, becomes the text of the field

const field = document.getElementById("note");
if (field instanceof HTMLTextAreaElement) {
  const chooser = document.getElementById("file");
  const said = document.getElementById("file-said");
  const form = field.form;
  const most = 200000; // as the server takes

  const take = async (file) => {
    if (!file) return;
    if (file.size > most) {
      said.textContent = `${file.name} is too large; give the part that matters.`;
      return;
    }
    try {
      field.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      said.textContent = file.name;
      field.focus();
    } catch {
      said.textContent = `${file.name} is no UTF-8 text; save it as text and give that.`;
    }
  };

  chooser.hidden = false;
  document.querySelector("label[for=file]").hidden = false;
  chooser.addEventListener("change", () => take(chooser.files[0]));
  for (const kind of ["dragenter", "dragover"]) {
    field.addEventListener(kind, (event) => {
      event.preventDefault();
      field.classList.add("over");
    });
  }
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    field.classList.remove("over");
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      take(event.dataTransfer.files[0]);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    said.textContent = "Reading the note …";
    form.querySelector("button.main").disabled = true;
  });
  // the browser's Back shows the page as it was left
  addEventListener("pageshow", () => {
    form.querySelector("button.main").disabled = false;
    said.textContent = "";
  });
}

// --- a running diagnosis

const running = document.getElementById("running");
if (running) {
  const state = document.getElementById("state");
  const seconds = document.getElementById("seconds");
  const reasoning = document.getElementById("reasoning");
  const started = Date.now();
  const clock = setInterval(() => (seconds.textContent = Math.round((Date.now() - started) / 1000)), 1000);
  const source = new EventSource(running.dataset.events);
  const end = () => {
    source.close();
    clearInterval(clock);
    location.reload();
  };
  source.addEventListener("status", (event) => {
    const told = JSON.parse(event.data);
    state.textContent = told.state === "running" ? "The model is at work" : `In the queue, ${told.ahead} ahead`;
  });
  source.addEventListener("text", (event) => {
    reasoning.hidden = document.getElementById("reasoning-title").hidden = false;
    const atEnd = reasoning.scrollTop + reasoning.clientHeight >= reasoning.scrollHeight - 40;
    reasoning.append(JSON.parse(event.data).text);
    if (atEnd) reasoning.scrollTop = reasoning.scrollHeight;
  });
  source.addEventListener("result", end);
  // both the server's own event and a broken connection; either way the page knows more
  source.addEventListener("error", (event) => {
    if (event.data || source.readyState === EventSource.CLOSED) end();
  });
}

// --- a candidate lights up its findings, in the note and in the list

const work = document.getElementById("work");
let pinned = null;

const light = (candidate) => {
  const sets = {};
  for (const kind of ["for", "against", "open"]) {
    sets[kind] = new Set(candidate ? candidate.dataset[kind].split(" ").filter(Boolean) : []);
  }
  work.classList.toggle("lighting", Boolean(candidate));
  for (const place of work.querySelectorAll("mark[data-n], [data-finding]")) {
    const numbers = (place.dataset.n || place.dataset.finding).split(" ");
    for (const kind of ["for", "against", "open"]) {
      place.classList.toggle(kind, numbers.some((number) => sets[kind].has(number)));
    }
  }
  for (const one of work.querySelectorAll(".ranking > li")) one.classList.toggle("chosen", one === candidate);
};

const pin = (candidate) => {
  pinned = candidate;
  for (const button of work.querySelectorAll(".ranking .name")) {
    button.setAttribute("aria-pressed", String(button.closest("li") === candidate));
  }
  light(candidate);
};

const showPrint = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};

if (work) {
  showPrint();
  const candidateOf = (event) => event.target.closest(".ranking > li[data-for]");
  work.addEventListener("mouseover", (event) => light(candidateOf(event) || pinned));
  work.addEventListener("mouseleave", () => light(pinned));
  work.addEventListener("focusin", (event) => light(candidateOf(event) || pinned));
  work.addEventListener("focusout", () => light(pinned));
  work.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest(".ranking .name")) {
      const candidate = candidateOf(event);
      pin(candidate === pinned ? null : candidate);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pin(null);
  });
  // a button that is gone after a correction leaves the focus to what comes next in its place
  let place = "";
  work.addEventListener("click", (event) => {
    place = ["#suggestions", ".next", ".findings"].find((one) => event.target.closest(`${one} button`)) || "";
  });
  document.addEventListener("htmx:after:swap", () => {
    showPrint();
    pin(null);
    if (document.activeElement === document.body && place) {
      const next = { "#suggestions": "#term", ".next": ".next button", ".findings": ".findings .remove" }[place];
      (work.querySelector(next) || document.getElementById("term")).focus({ preventScroll: true });
      place = "";
    }
  });
  addEventListener("beforeprint", () => {
    for (const closed of work.querySelectorAll("details:not([open])")) {
      closed.open = true;
      closed.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const opened of work.querySelectorAll("details[data-printed]")) {
      opened.open = false;
      delete opened.dataset.printed;
    }
  });
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}
