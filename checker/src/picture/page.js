(() => {
  const picture = JSON.parse(get("data").textContent);
  const { frames, properties } = picture;
  const last = frames.length - 1;

  let current = -1;
  const show = (index) => {
    const next = Math.min(Math.max(index, 0), last);
    if (next === current) return;
    current = next;
    get("slider").value = next;
    get("where").textContent = `${next} of ${last}`;
    get("first").disabled = get("back").disabled = next === 0;
    get("last").disabled = get("forth").disabled = next === last;
    drawFrame(next);
    try {
      history.replaceState(null, "", `#${next}`);
    } catch {
      // A page that somebody shows in a frame may have no address of its own.
    }
  };

  const { drawFrame, drawLanes, drawArrows } = drawing(picture, show);
  const faults = frames.flatMap((it, index) => (it.step?.fault ? [index] : []));
  const turning = [0, ...faults, last];
  const KEYS = {
    ArrowLeft: () => show(current - 1),
    ArrowRight: () => show(current + 1),
    Home: () => show(0),
    End: () => show(last),
    PageUp: () => show(turning.filter((it) => it < current).pop() ?? 0),
    PageDown: () => show(turning.find((it) => it > current) ?? last),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  get("slider").max = last;
  get("slider").oninput = (event) => show(Number(event.target.value));
  get("first").onclick = () => show(0);
  get("back").onclick = () => show(current - 1);
  get("forth").onclick = () => show(current + 1);
  get("last").onclick = () => show(last);
  window.addEventListener("resize", () => drawArrows(current));
  window.addEventListener("hashchange", () => show(Number(location.hash.slice(1)) || 0));

  const about = picture.property === null ? null : properties[picture.property];
  document.title = `${picture.scenario}${about ? `: ${about.id}` : ""}`;
  document.body.className = picture.violation ? "violation" : "witness";
  get("scenario").append(make("b", "", picture.scenario), ` (${picture.preset}). ${picture.story}`);
  get("why").textContent = picture.why.sentence;
  if (about) get("claim").append(picture.violation ? "So this is false: " : "It is about: ", make("b", "mono", about.id), `. ${about.statement}`);
  get("more").hidden = picture.why.more.length === 0;
  get("more").open = true;
  get("evidence").append(...picture.why.more.map((it) => make("li", "", it)));
  get("about").textContent = `${picture.tool}, ${last} steps`;
  drawLanes();
  show(location.hash.length > 1 ? Number(location.hash.slice(1)) || 0 : last);
})();
