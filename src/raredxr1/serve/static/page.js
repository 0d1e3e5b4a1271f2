// What the pages do beyond links and forms: files into the field, reasoning as it is written, findings lit up.
"use strict";

document.documentElement.classList.add("js");

// --- a file, chosen or dropped, becomes the text of the field

const field = document.getElementById("note");
if (field instanceof HTMLTextAreaElement) {
  const chooser = document.getElementById("file");
  const said = document.getElementById("file-said");
  const form = field.form;
  const mostOfFile = 1000000; // bytes of a request, as the server takes

  // the field holds one note: of several files the first is taken, and the others are named
  const many = "For many notes: raredx diagnose --batch FILE --out answers.jsonl, or POST /v1/jobs of the API.";
  const takeAll = async (files) => {
    const [first, ...others] = files;
    if (!first) return;
    await take(first);
    if (others.length) {
      said.textContent += `. One note at a time: not taken: ${others.map((one) => one.name).join(", ")}. ${many}`;
    }
  };
  const rowsOf = (file) => /\.(jsonl|ndjson|csv|tsv|parquet)(\.gz)?$/i.test(file.name);

  const take = async (file) => {
    if (rowsOf(file)) {
      said.textContent = `${file.name} holds many notes, and this field takes one. ${many}`;
      return;
    }
    if (file.size > mostOfFile) {
      said.textContent = `${file.name} is too large; give the part that matters.`;
      return;
    }
    said.textContent = `Reading ${file.name} …`;
    try {
      const bytes = await file.arrayBuffer();
      try {
        if (/^%PDF|^\{\\rtf|^PK/.test(new TextDecoder("latin1").decode(bytes.slice(0, 6)))) throw new Error("no text");
        field.value = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch {
        // PDF, Word, RTF and other encodings are read by the server, which is this machine's
        const address = `${form.action.replace(/diagnose$/, "read")}?name=${encodeURIComponent(file.name)}`;
        const answer = await fetch(address, { method: "POST", body: bytes, headers: { accept: "application/json" } });
        if (!answer.ok) throw new Error("refused");
        field.value = (await answer.json()).text;
      }
      said.textContent = file.name;
      field.focus();
    } catch {
      said.textContent = `${file.name} cannot be read; save it as text and give that.`;
    }
  };

  chooser.hidden = false;
  document.querySelector("label[for=file]").hidden = false;
  chooser.addEventListener("change", () => takeAll(chooser.files));
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
      takeAll(event.dataTransfer.files);
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
    state.textContent = told.state === "running" ? "Reading the findings and ranking diseases" : `Waiting for its turn, ${told.ahead} ahead`;
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

// --- a candidate lights up its findings in the note, and a finding the candidates it speaks for or against

const work = document.getElementById("work");
const kinds = ["for", "against", "open"];

const numbersOf = (place) => (place.dataset.n || place.dataset.finding || "").split(" ").filter(Boolean);

const dim = () => {
  work.classList.remove("lighting");
  for (const lit of work.querySelectorAll(".for-it, .against-it, .open-it")) {
    lit.classList.remove("for-it", "against-it", "open-it");
  }
};

const lightCandidate = (candidate) => {
  dim();
  if (!candidate) return;
  work.classList.add("lighting");
  for (const kind of kinds) {
    const numbers = new Set(candidate.dataset[kind].split(" "));
    for (const place of work.querySelectorAll(".note [data-n], [data-finding]")) {
      if (numbersOf(place).some((number) => numbers.has(number))) place.classList.add(`${kind}-it`);
    }
  }
};

const lightFindings = (numbers) => {
  dim();
  work.classList.add("lighting");
  for (const candidate of work.querySelectorAll(".ranking > li[data-for]")) {
    for (const kind of kinds) {
      const own = candidate.dataset[kind].split(" ");
      if (numbers.some((number) => own.includes(number))) candidate.classList.add(`${kind}-it`);
    }
  }
  for (const place of work.querySelectorAll(".note [data-n]")) {
    if (numbersOf(place).some((number) => numbers.includes(number))) place.classList.add("for-it");
  }
};

const showPrint = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};

if (work) {
  showPrint();
  const opened = () => work.querySelector(".ranking > li > details[open]")?.parentElement;
  const light = (event) => {
    const place = event.target.closest(".note [data-n], [data-finding], .chip[data-n], .grid [data-n]");
    const candidate = event.target.closest(".ranking > li[data-for]");
    if (place) lightFindings(numbersOf(place));
    else lightCandidate(candidate || opened());
  };
  const rest = () => lightCandidate(opened());
  work.addEventListener("mouseover", light);
  work.addEventListener("mouseleave", rest);
  work.addEventListener("focusin", light);
  work.addEventListener("focusout", rest);
  // one candidate is open at a time, so that the others stay in view
  work.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches(".ranking > li > details") || work.dataset.printing) return;
      if (event.target.open) {
        for (const other of event.target.closest(".ranking").querySelectorAll("details.why[open]")) {
          if (other !== event.target) other.open = false;
        }
      }
      rest();
    },
    true,
  );
  work.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  // --- a mark in the note is corrected where it stands: what the list says of it, beside it
  const close = () => {
    const editor = document.getElementById("editor");
    if (editor?.matches(":popover-open")) editor.hidePopover();
  };
  work.addEventListener("click", (event) => {
    const mark = event.target.closest(".note a[data-n]");
    const editor = document.getElementById("editor");
    if (!mark || !editor.showPopover) return;
    event.preventDefault();
    close();
    editor.replaceChildren(
      ...numbersOf(mark).flatMap((number) => {
        const item = document.getElementById(`finding-${number}`);
        if (!item) return [];
        const copy = item.cloneNode(true);
        for (const one of [copy, ...copy.querySelectorAll("[id]")]) one.removeAttribute("id");
        return [copy];
      }),
    );
    const at = mark.getClientRects()[0];
    editor.showPopover({ source: mark });
    const width = Math.min(360, innerWidth - 16);
    editor.style.width = `${width}px`;
    editor.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    const below = at.bottom + 6;
    editor.style.top = `${below + editor.offsetHeight < innerHeight ? below : Math.max(8, at.top - editor.offsetHeight - 6)}px`;
    editor.querySelector("button")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = work.querySelector(".ranking > li > details[open]");
    if (open && !document.querySelector("#editor:popover-open")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  addEventListener("scroll", close, { passive: true });

  // a comparison that was asked for elsewhere on the page comes into view, with the focus
  let comparing = false;
  work.addEventListener("click", (event) => {
    if (event.target.closest("[data-compare]")) comparing = true;
  });
  document.addEventListener("htmx:after:swap", () => {
    const compare = document.getElementById("compare");
    if (!comparing || !compare) return;
    comparing = false;
    compare.scrollIntoView({ block: "start" });
    compare.querySelector("summary").focus({ preventScroll: true });
  });

  // another state of a finding is set as soon as it is chosen, in the list and beside the mark
  work.addEventListener("change", (event) => {
    const sense = event.target.closest("select.sense");
    if (!sense) return;
    const button = sense.parentElement.querySelector("button[value^='state:']");
    button.value = `state:${sense.name.slice("state-".length)}:${sense.value}`;
    place = sense.closest("#editor") ? "#editor" : "";
    sense.form.requestSubmit(button);
    setTimeout(close);
  });

  // suggestions are those of what stands in the field; arrow keys and Enter choose among them
  let entered = false; // Enter was pressed before the suggestions had come
  const takeBest = () => {
    entered = false;
    place = "#suggestions";
    chosen()[0]?.querySelector("button").click();
  };
  const suggestions = () => document.getElementById("suggestions");
  const chosen = () => [...suggestions().querySelectorAll("li:has(button)")];
  work.addEventListener("input", (event) => {
    if (event.target.id !== "term") return;
    entered = false;
    suggestions().replaceChildren();
  });
  document.addEventListener("htmx:after:swap", () => {
    const list = suggestions()?.querySelector("ul");
    const term = document.getElementById("term");
    if (list && list.dataset.q !== term.value.trim()) suggestions().replaceChildren();
    else if (list && entered) takeBest();
  });
  work.addEventListener("keydown", (event) => {
    const term = event.target.closest("#term");
    if (term && event.key === "Enter" && term.value.trim()) {
      // Enter takes the best match, now or once it has come
      if (chosen().length) {
        event.preventDefault();
        takeBest();
      } else entered = true;
      return;
    }
    const own = event.target.closest("#suggestions li");
    const rows = chosen();
    if ((!term && !own) || !rows.length) return;
    const at = own ? rows.indexOf(own) : -1;
    const column = own ? [...own.querySelectorAll("button")].indexOf(event.target) : 0;
    let to = null;
    if (event.key === "ArrowDown") to = rows[Math.min(at + 1, rows.length - 1)].querySelectorAll("button")[column];
    else if (event.key === "ArrowUp" && own) to = at ? rows[at - 1].querySelectorAll("button")[column] : document.getElementById("term");
    else if (event.key === "ArrowRight" && own) to = own.querySelectorAll("button")[1];
    else if (event.key === "ArrowLeft" && own) to = own.querySelectorAll("button")[0];
    else if (event.key === "Escape" && own) to = document.getElementById("term");
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus();
  });

  // where there is one column, what is secondary is folded until it is asked for
  if (innerWidth < 897) {
    for (const folded of work.querySelectorAll("details.fold[open]")) folded.open = false;
  }

  // a button that is gone after a correction leaves the focus to what comes next in its place
  let place = "";
  work.addEventListener("click", (event) => {
    place = ["#editor", "#suggestions", ".next", ".findings"].find((one) => event.target.closest(`${one} button`)) || "";
    if (place === "#editor") setTimeout(close);
  });
  document.addEventListener("htmx:after:swap", () => {
    showPrint();
    rest();
    for (const sense of work.querySelectorAll("select")) {
      const selected = sense.querySelector("option[selected]");
      if (selected) sense.value = selected.value; // what the server says, not what was chosen before
    }
    const age = document.getElementById("age");
    if (age && document.activeElement !== age) age.value = age.defaultValue;
    if (place === "#suggestions") document.getElementById("term").value = ""; // what was searched for is added
    if (document.activeElement === document.body && place) {
      const next = {
        "#editor": ".note a[data-n]",
        "#suggestions": "#term",
        ".next": ".next button",
        ".findings": ".findings .remove",
      }[place];
      (work.querySelector(next) || document.getElementById("term")).focus({ preventScroll: true });
      place = "";
    }
  });
  addEventListener("beforeprint", () => {
    work.dataset.printing = "yes";
    for (const closed of work.querySelectorAll(".ranking > li:nth-child(-n+3) > details:not([open])")) {
      closed.open = true;
      closed.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const open of work.querySelectorAll("details[data-printed]")) {
      open.open = false;
      delete open.dataset.printed;
    }
    setTimeout(() => delete work.dataset.printing);
  });
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}
