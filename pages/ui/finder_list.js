// The finder of augmenters: search as you type, families, favourites; a list, or all of them as pictures.
// It tells Python only what was chosen, starred, or which view is wanted; what there is comes from there.

const instances = new WeakMap();
const memory = new Map(); // what was searched for, kept while one goes from list to pictures
const SPARE_FIRST = "no training";
const WEIGHTS = [8, 6, 4, 1];

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let finder = instances.get(parentElement);
  if (!finder) {
    finder = new Finder(parentElement.querySelector(".af"), setTriggerValue);
    instances.set(parentElement, finder);
  }
  finder.update(data);
  return () => { instances.delete(parentElement); };
}

function wordsOf(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

// How well one word of the query fits a word: whole, its beginning, or an ending apart ("flips" finds "flip").
function fit(asked, word) {
  if (word === asked) return 1.5;
  if (asked.length > 1 && word.startsWith(asked)) return 1;
  return word.length > 3 && asked.startsWith(word) && asked.length - word.length <= 3 ? 0.8 : 0;
}

function near(asked, word) {
  if (asked.length < 5 || Math.abs(asked.length - word.length) > 2) return 0;
  let row = Array.from({ length: word.length + 1 }, (_, i) => i);
  for (let i = 1; i <= asked.length; i++) {
    const next = [i];
    for (let j = 1; j <= word.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (asked[i - 1] !== word[j - 1]));
    }
    row = next;
  }
  return row[word.length] <= 2 ? 0.5 : 0;
}

// Every word of the query must fit somewhere; where it fits best counts.
function score(item, asked, how) {
  let total = 0;
  for (const one of asked) {
    let best = 0;
    item.words.forEach((words, place) => {
      for (const word of words) best = Math.max(best, WEIGHTS[place] * how(one, word));
    });
    if (!best) return 0;
    total += best;
  }
  return total;
}

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

class Finder {
  constructor(root, send) {
    this.root = root; this.send = send; this.active = null;
    this.input = root.querySelector("input"); this.chips = root.querySelector(".af-chips");
    this.list = root.querySelector(".af-list"); this.said = root.querySelector(".af-said");
    this.toggle = root.querySelector(".af-view");
    this.input.addEventListener("input", () => { this.memo.query = this.input.value; this.active = null; this.draw(); });
    for (const place of [this.input, this.list]) place.addEventListener("keydown", (event) => this.key(event));
    this.toggle.addEventListener("click", () => this.send("view", this.pictures ? "list" : "pictures"));
    this.list.addEventListener("click", (event) => this.click(event));
  }

  update(data) {
    this.pictures = data.view === "pictures";
    this.root.classList.toggle("af-pictures", this.pictures);
    this.root.classList.toggle("af-wide", !data.items.some((item) => item.picture));
    if (!memory.has(data.id)) memory.set(data.id, { query: "", family: "", star: false, spare: false });
    this.memo = memory.get(data.id);
    this.items = data.items.map((item) => ({ ...item, words: [item.title + " " + item.key, item.names, item.family, item.told].map(wordsOf) }));
    this.favourites = new Set(data.favourites);
    const other = data.chosen !== this.chosen;
    this.chosen = data.chosen; this.original = data.original;
    if (document.activeElement !== this.input) this.input.value = this.memo.query;
    this.input.placeholder = `Find among ${data.items.length}: name, family, purpose …`;
    this.toggle.textContent = this.pictures ? "☰ Back to the list" : "▦ All of them";
    this.drawChips(); this.draw();
    if (other) requestAnimationFrame(() => this.show(this.list.querySelector("[aria-selected=true]")));
  }

  // -- what is asked for ---------------------------------------------------------------------

  found() {
    const { family, star, spare } = this.memo;
    let text = this.memo.query.toLowerCase(), wanted = [];
    for (const words of new Set(this.items.flatMap((item) => item.spares))) {
      if (text.includes(words.toLowerCase())) { wanted.push(words); text = text.replace(words.toLowerCase(), " "); }
    }
    if (spare) wanted.push(SPARE_FIRST);
    const fits = this.items.filter((item) => (!family || item.family === family)
      && (!star || this.favourites.has(item.key)) && wanted.every((words) => item.spares.includes(words)));
    const asked = wordsOf(text);
    if (!asked.length) return { items: fits, ranked: false, close: false };
    const rank = (how) => fits.map((item) => [score(item, asked, how), item]).filter(([points]) => points)
      .sort((a, b) => (a[1].state === 2) - (b[1].state === 2) || b[0] - a[0] || a[1].state - b[1].state).map(([, item]) => item);
    const exact = rank(fit);
    if (exact.length) return { items: exact, ranked: true, close: false };
    return { items: rank((one, word) => fit(one, word) || near(one, word)), ranked: true, close: true };
  }

  groups({ items, ranked }) {
    if (ranked) return [["", items]];
    const rows = [], rest = items.filter((item) => item.state !== 2);
    const put = (name, some) => { if (some.length) rows.push([name, some]); };
    if (!this.pictures) {
      put("★ Favourites", rest.filter((item) => this.favourites.has(item.key)));
      put("Suits this data", rest.filter((item) => item.state === 0 && !this.favourites.has(item.key)));
    }
    const left = this.pictures ? rest : rest.filter((item) => item.state && !this.favourites.has(item.key));
    for (const family of new Set(left.map((item) => item.family))) {
      put(capital(family), left.filter((item) => item.family === family));
    }
    put("Does not apply here", items.filter((item) => item.state === 2));
    return rows;
  }

  // -- drawing -------------------------------------------------------------------------------

  drawChips() {
    const counts = new Map();
    for (const item of this.items) counts.set(item.family, (counts.get(item.family) || 0) + 1);
    const chips = [];
    const put = (label, on, press, title) => {
      const chip = made("button", on ? "on" : "", label);
      chip.type = "button"; chip.title = title; chip.setAttribute("aria-pressed", on);
      chip.onclick = () => { press(); this.active = null; this.drawChips(); this.draw(); };
      chips.push(chip);
    };
    const memo = this.memo;
    if (counts.size > 1) for (const [family, n] of counts) {
      put(`${family} ${n}`, memo.family === family, () => { memo.family = memo.family === family ? "" : family; }, `Only ${family}`);
    }
    const spared = this.items.filter((item) => item.spares.includes(SPARE_FIRST)).length;
    if (spared < this.items.length) put(SPARE_FIRST, memo.spare, () => { memo.spare = !memo.spare; }, "Those that start at once");
    if (this.favourites.size) put("★", memo.star, () => { memo.star = !memo.star; }, "Only your favourites");
    this.chips.replaceChildren(...chips);
  }

  draw() {
    const found = this.found(), rows = [];
    this.shown = [];
    for (const [name, items] of this.groups(found)) {
      if (name) rows.push(made("div", "af-group", name));
      const box = this.pictures ? made("div", "af-grid") : null;
      for (const item of items) {
        this.shown.push(item);
        const row = this.pictures ? this.card(item) : this.row(item);
        if (box) box.append(row); else rows.push(row);
      }
      if (box) rows.push(box);
    }
    const close = found.close && found.items.length ? `Nothing is called “${this.memo.query}”; the closest are:` : "";
    this.said.textContent = found.items.length ? close : "Nothing fits. Take a word or a chip away to see more.";
    this.list.replaceChildren(...rows);
    this.mark();
  }

  option(item, className) {
    const option = made("div", className + (item.state === 2 ? " af-off" : "") + (item.state === 0 ? " af-suits" : ""));
    option.id = `af-${item.key}`; option.dataset.key = item.key; option.title = item.line;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", item.key === this.chosen);
    if (item.state === 2) option.setAttribute("aria-disabled", true);
    return option;
  }

  star(item) {
    const on = this.favourites.has(item.key), star = made("button", on ? "af-star on" : "af-star", on ? "★" : "☆");
    star.type = "button"; star.tabIndex = -1; star.title = on ? "No favourite any more" : "Keep as a favourite (Alt + F)";
    star.setAttribute("aria-label", `${star.title}: ${item.title}`);
    return star;
  }

  row(item) {
    const row = this.option(item, "af-row"), words = made("div", "af-words"), head = made("div", "af-head");
    if (item.picture) row.append(made("i", `af-pic ${item.picture}`));
    head.append(made("b", "", item.title));
    if (this.memo.query) head.append(made("small", "", item.family));
    words.append(head, made("span", "", item.line));
    row.append(words, this.star(item));
    return row;
  }

  card(item) {
    const card = this.option(item, "af-card"), head = made("div", "af-head");
    if (item.picture) card.append(made("i", `af-pic ${item.picture}`));
    head.append(made("b", "", item.title), this.star(item));
    card.append(head);
    if (item.markup) {
      const diff = made(item.markup.startsWith("<table") ? "div" : "p", "cw-diff");
      diff.innerHTML = item.markup; // made and escaped by pairs.changed_text and pairs.changed_row
      card.append(diff);
    } else if (!item.picture || item.state === 2) card.append(made("span", "", item.line));
    return card;
  }

  mark() {
    for (const option of this.list.querySelectorAll("[role=option]")) option.classList.toggle("af-active", option.dataset.key === this.active);
    if (this.active) this.input.setAttribute("aria-activedescendant", `af-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  show(option) {
    if (!option || this.pictures) return;
    const head = 26, top = option.offsetTop; // of the list, which is positioned
    if (top - head < this.list.scrollTop) this.list.scrollTop = top - head;
    else if (top + option.offsetHeight > this.list.scrollTop + this.list.clientHeight) {
      this.list.scrollTop = top + option.offsetHeight - this.list.clientHeight;
    }
  }

  // -- mouse and keys --------------------------------------------------------------------------

  click(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const item = this.items.find((one) => one.key === option.dataset.key);
    if (event.target.closest(".af-star")) this.toggleStar(item); else this.choose(item);
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };
    const at = this.shown.findIndex((item) => item.key === (this.active || this.chosen));
    if (event.key in moves && this.shown.length) {
      event.preventDefault();
      const next = at < 0 && !this.active ? 0 : at + moves[event.key];
      this.active = this.shown[Math.min(Math.max(next, 0), this.shown.length - 1)].key;
      this.mark();
      const option = this.list.querySelector(".af-active");
      this.show(option);
      if (this.pictures) option.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      const item = this.shown.find((one) => one.key === this.active) || (this.memo.query ? this.shown[0] : null);
      if (item) { event.preventDefault(); this.choose(item); }
    } else if (event.key === "Escape" && this.memo.query) {
      this.memo.query = this.input.value = ""; this.active = null; this.draw();
    } else if (event.altKey && event.code === "KeyF" && at >= 0) {
      event.preventDefault(); this.toggleStar(this.shown[at]);
    }
  }

  choose(item) {
    if (item.state === 2) return;
    this.chosen = this.active = item.key;
    for (const option of this.list.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", option.dataset.key === item.key);
    this.mark();
    this.send("choose", item.key);
  }

  toggleStar(item) {
    if (this.favourites.has(item.key)) this.favourites.delete(item.key); else this.favourites.add(item.key);
    this.drawChips(); this.draw();
    this.send("star", item.key);
  }
}

function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }
