// A scatter of up to some ten thousand points on a canvas: lasso, box, pan, zoom, hide and isolate.
// It tells Python only the outline that was drawn; who lies inside is decided there.

const instances = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let map = instances.get(parentElement);
  if (!map) {
    map = new PointMap(parentElement.querySelector(".pm"), (region) => setStateValue("region", region));
    instances.set(parentElement, map);
  }
  map.update(data);
  return () => { map.dispose(); instances.delete(parentElement); };
}

function decode(base64, Type) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Type(bytes.buffer);
}

class PointMap {
  constructor(root, send) {
    this.root = root; this.send = send;
    this.canvas = root.querySelector("canvas"); this.tip = root.querySelector(".tip");
    this.legend = root.querySelector(".legend"); this.tool = "lasso";
    this.hidden = new Set(); this.region = null; this.path = null;
    this.resetView();
    for (const button of root.querySelectorAll("button[data-tool]")) {
      button.onclick = () => this.choose(button.dataset.tool);
    }
    this.listen();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    // The theme may change without a new run of the page.
    this.scheme = new MutationObserver(() => this.draw());
    this.scheme.observe(document.documentElement, { attributes: true });
    this.choose("lasso");
  }

  dispose() { this.observer.disconnect(); this.scheme.disconnect(); }

  update(data) {
    if (data.id !== this.id) { this.region = null; this.resetView(); }
    if (data.id !== this.id || data.palette !== this.palette) this.hidden = new Set();
    this.id = data.id; this.palette = data.palette;
    this.xy = decode(data.xy, Int16Array); this.codes = decode(data.codes, Uint8Array);
    this.rings = decode(data.rings, Uint8Array); this.groups = data.groups;
    this.reach = [1000, 1000];
    for (let i = 0; i < this.xy.length; i++) this.reach[i % 2] = Math.max(this.reach[i % 2], Math.abs(this.xy[i]));
    if (data.cleared !== this.cleared) { this.cleared = data.cleared; this.region = null; }
    this.findSelected(); this.drawLegend(); this.draw();
  }

  // -- coordinates: data are int16, y upwards; the view is a centre and a zoom ------------------

  resetView() { this.centre = [0, 0]; this.zoom = 1; }
  size() { const box = this.canvas.getBoundingClientRect(); return [box.width, box.height]; }
  scale() {
    const [w, h] = this.size(), [x, y] = this.reach || [32500, 32500];
    return (Math.min(w / x, h / y) / 2.1) * this.zoom;
  }
  toScreen(x, y) {
    const [w, h] = this.size(), s = this.scale();
    return [w / 2 + (x - this.centre[0]) * s, h / 2 - (y - this.centre[1]) * s];
  }
  toData(px, py) {
    const [w, h] = this.size(), s = this.scale();
    return [(px - w / 2) / s + this.centre[0], (h / 2 - py) / s + this.centre[1]];
  }
  at(event) { const box = this.canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; }

  // -- drawing -------------------------------------------------------------------------------

  draw() {
    if (!this.xy || this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => { this.pending = false; this.paint(); });
  }

  paint() {
    const ratio = window.devicePixelRatio || 1, [w, h] = this.size();
    if (!w) return;
    this.canvas.width = w * ratio; this.canvas.height = h * ratio;
    const c = this.canvas.getContext("2d"); c.scale(ratio, ratio);
    const n = this.codes.length, s = this.scale(), x0 = w / 2 - this.centre[0] * s, y0 = h / 2 + this.centre[1] * s;
    const radius = Math.max(1.6, Math.min(5, (n > 8000 ? 1.7 : n > 1500 ? 2.3 : 3.4) * Math.sqrt(this.zoom)));
    const order = this.groups.map((_, code) => code).sort((a, b) => this.groups[b].count - this.groups[a].count);
    const faint = this.region ? 0.16 : n > 8000 ? 0.6 : 0.75;
    // Rare groups last, so that the common ones never cover them; the selected ones above all.
    for (const pass of this.region ? [0, 1] : [0]) {
      for (const code of order) {
        if (this.hidden.has(code)) continue;
        c.globalAlpha = pass || !this.region ? (pass ? 0.95 : faint) : faint;
        c.fillStyle = c.strokeStyle = this.groups[code].colour; c.lineWidth = Math.max(1, radius * 0.45);
        const dots = new Path2D(), rings = new Path2D();
        for (let i = 0; i < n; i++) {
          if (this.codes[i] !== code || (this.region && this.selected[i] !== pass)) continue;
          const x = x0 + this.xy[2 * i] * s, y = y0 - this.xy[2 * i + 1] * s;
          if (x < -9 || y < -9 || x > w + 9 || y > h + 9) continue;
          if (this.rings[i]) { rings.moveTo(x + radius, y); rings.arc(x, y, radius, 0, 6.2832); }
          else if (radius < 2) dots.rect(x - radius, y - radius, 2 * radius, 2 * radius);
          else { dots.moveTo(x + radius, y); dots.arc(x, y, radius, 0, 6.2832); }
        }
        c.fill(dots); c.stroke(rings);
      }
    }
    c.globalAlpha = 1;
    this.paintOutline(c);
  }

  paintOutline(c) {
    const shape = this.path || (this.region && this.region.polygon);
    if (!shape || shape.length < 2) return;
    c.beginPath();
    shape.forEach(([x, y], i) => { const [px, py] = this.toScreen(x, y); i ? c.lineTo(px, py) : c.moveTo(px, py); });
    c.closePath();
    c.strokeStyle = getComputedStyle(this.root).color; c.lineWidth = 1.2; c.setLineDash([4, 3]); c.stroke(); c.setLineDash([]);
  }

  drawLegend() {
    this.legend.replaceChildren(...this.groups.map((group, code) => {
      const item = document.createElement("button"), dot = document.createElement("i"), name = document.createElement("span");
      item.className = this.hidden.has(code) ? "off" : ""; dot.style.background = group.colour;
      name.textContent = group.label; name.title = `${group.label}: click to hide, double-click to show only this`;
      const count = document.createElement("small");
      count.textContent = group.count.toLocaleString("en"); item.append(dot, name, count);
      item.onclick = () => { this.hidden.has(code) ? this.hidden.delete(code) : this.hidden.add(code); this.hid(); };
      item.ondblclick = () => { this.hidden = new Set(this.groups.map((_, k) => k).filter((k) => k !== code)); this.hid(); };
      return item;
    }));
  }

  hid() { this.drawLegend(); this.findSelected(); this.draw(); if (this.region) this.tell(); }

  // -- selecting -----------------------------------------------------------------------------

  choose(tool) {
    if (tool === "reset") { this.resetView(); this.draw(); return; }
    if (tool === "clear") { this.region = null; this.draw(); this.send(null); return; }
    this.tool = tool;
    for (const button of this.root.querySelectorAll("button[data-tool]")) {
      button.classList.toggle("on", button.dataset.tool === tool);
    }
    this.canvas.style.cursor = tool === "pan" ? "grab" : "crosshair";
  }

  listen() {
    const canvas = this.canvas;
    canvas.onpointerdown = (e) => {
      canvas.setPointerCapture(e.pointerId);
      this.from = this.at(e); this.last = this.from; this.moved = false;
      this.panning = this.tool === "pan" || e.button === 1 || e.shiftKey;
      this.path = this.panning ? null : [this.toData(...this.from)];
    };
    canvas.onpointermove = (e) => { this.from ? this.drag(this.at(e)) : this.hover(this.at(e)); };
    canvas.onpointerup = () => this.drop();
    canvas.onpointerleave = () => { this.tip.style.display = "none"; };
    canvas.ondblclick = () => this.choose("reset");
    canvas.addEventListener("wheel", (e) => {
      e.preventDefault();
      const [px, py] = this.at(e), before = this.toData(px, py);
      this.zoom = Math.min(60, Math.max(0.6, this.zoom * Math.exp(-e.deltaY * 0.0015)));
      const after = this.toData(px, py);
      this.centre = [this.centre[0] + before[0] - after[0], this.centre[1] + before[1] - after[1]];
      this.draw();
    }, { passive: false });
  }

  drag(now) {
    if (Math.hypot(now[0] - this.last[0], now[1] - this.last[1]) < 3) return;
    this.moved = true; this.tip.style.display = "none";
    if (this.panning) {
      const s = this.scale();
      this.centre = [this.centre[0] - (now[0] - this.last[0]) / s, this.centre[1] + (now[1] - this.last[1]) / s];
    } else if (this.tool === "box") {
      const [x1, y1] = this.toData(...this.from), [x2, y2] = this.toData(...now);
      this.path = [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
    } else this.path.push(this.toData(...now));
    this.last = now; this.draw();
  }

  drop() {
    const path = this.path, drawn = this.moved && path && path.length >= 3;
    const clicked = !this.moved && this.from && !this.panning ? this.nearest(this.from) : -1;
    this.from = this.path = null;
    if (drawn) this.region = { polygon: thin(path, 240) };
    else if (clicked >= 0) {
      const x = this.xy[2 * clicked], y = this.xy[2 * clicked + 1];
      this.region = { polygon: [[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1]] };
    } else { this.draw(); return; }
    this.findSelected(); this.draw(); this.tell();
  }

  tell() {
    const polygon = this.region.polygon.map(([x, y]) => [Math.round(x), Math.round(y)]);
    this.send({ map: this.id, polygon, hidden: [...this.hidden], palette: this.palette });
  }

  findSelected() {
    const n = this.codes.length;
    this.selected = new Uint8Array(n);
    if (!this.region) return;
    const p = this.region.polygon, xs = p.map((q) => q[0]), ys = p.map((q) => q[1]);
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    for (let i = 0; i < n; i++) {
      const x = this.xy[2 * i], y = this.xy[2 * i + 1];
      if (x < left || x > right || y < low || y > high || this.hidden.has(this.codes[i])) continue;
      let inside = false;
      for (let a = 0, b = p.length - 1; a < p.length; b = a++) {
        if ((p[a][1] > y) !== (p[b][1] > y)
          && x < ((p[b][0] - p[a][0]) * (y - p[a][1])) / (p[b][1] - p[a][1]) + p[a][0]) inside = !inside;
      }
      this.selected[i] = inside ? 1 : 0;
    }
  }

  nearest([px, py]) {
    const [x, y] = this.toData(px, py), reach = 9 / this.scale();
    let best = -1, least = reach * reach;
    for (let i = 0; i < this.codes.length; i++) {
      if (this.hidden.has(this.codes[i])) continue;
      const dx = this.xy[2 * i] - x, dy = this.xy[2 * i + 1] - y, d = dx * dx + dy * dy;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }

  hover(now) {
    const i = this.nearest(now);
    this.tip.style.display = i < 0 ? "none" : "block";
    if (i < 0) return;
    this.tip.textContent = this.groups[this.codes[i]].label + (this.rings[i] ? " · test" : "");
    this.tip.style.left = `${now[0] + 12}px`; this.tip.style.top = `${now[1] + 10}px`;
  }
}

function thin(path, most) {
  const step = Math.ceil(path.length / most);
  return path.filter((_, i) => i % step === 0);
}
