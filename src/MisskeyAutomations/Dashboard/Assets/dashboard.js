// What the pages do beyond links and forms. Without it all of them work, but for the live feed and the editor.

// The server shows times by this clock from the next page on.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// What is waited for is counted down.
const countdown = document.querySelector("[data-left]");
if (countdown) {
  const end = Date.now() + 1_000 * Number(countdown.dataset.left);
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1_000);
    if (left < 0) {
      location.assign(countdown.dataset.then);
      return;
    }
    countdown.textContent = `${Math.floor(left / 3_600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    setTimeout(tick, 500);
  };
  tick();
}

// What changes on an open page comes from the engine as the page has it: a part that is there is replaced, an event that is not
// there yet gets its place by its number, and the oldest ones go.
const live = document.querySelector("[data-live]");
if (live?.dataset.live) {
  const status = document.querySelector("[data-live-status]");
  const pause = document.querySelector("[data-live-pause]");
  const say = (word) => { if (status) { status.textContent = status.dataset[word]; } };
  const numberOf = (part) => Number(part.id.split("-")[1]);

  // Whoever is about to follow a link in a part keeps that until they leave it.
  const held = new Map();
  const replace = (there, part) => {
    held.delete(part.id);
    // Forms stay as they were drawn for their visitor: where they hang on what has changed, the page comes anew.
    if (there.dataset.decides !== part.dataset.decides) { location.reload(); }
    there.replaceWith(part);
  };
  document.addEventListener("focusout", (event) => {
    for (const [id, part] of held) {
      const there = document.getElementById(id);
      if (!there) {
        held.delete(id);
      } else if (!there.contains(event.relatedTarget)) {
        replace(there, part);
      }
    }
  });

  const show = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const part of [...template.content.children]) {
      const there = document.getElementById(part.id);
      if (there?.contains(document.activeElement)) {
        held.set(part.id, part);
      } else if (there) {
        replace(there, part);
      } else if (live.dataset.most) {
        live.insertBefore(part, [...live.children].find((other) => numberOf(other) < numberOf(part)) ?? null);
      }
    }
    while (live.dataset.most && live.children.length > Number(live.dataset.most)) { live.lastElementChild.remove(); }
    document.querySelector("[data-live-empty]")?.remove();
  };

  // A page that nobody sees needs no connection, of which a browser has few.
  let feed = null;
  const follow = () => {
    const wanted = document.visibilityState === "visible" && !pause?.checked;
    if (wanted && !feed) {
      feed = new EventSource(live.dataset.live);
      feed.addEventListener("open", () => say("on"));
      feed.addEventListener("parts", (event) => show(event.data));
      feed.addEventListener("over", () => { feed.close(); say("off"); });
      feed.addEventListener("error", (event) => {
        say("lost");
        // What is no feed, such as a proxy's word that the engine is away, ends it for good: then it is begun anew.
        if (event.target === feed && feed.readyState === EventSource.CLOSED) {
          feed = null;
          setTimeout(follow, 30_000);
        }
      });
    } else if (!wanted && feed) {
      feed.close();
      feed = null;
      say("paused");
    }
  };
  if (pause) {
    pause.closest("[hidden]").hidden = false;
    pause.addEventListener("change", follow);
  }
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => feed?.close());
  follow();
}
