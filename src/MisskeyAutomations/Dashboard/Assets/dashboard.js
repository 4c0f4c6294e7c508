// What the pages do beyond links and forms. Without it all of them work, but for the live feed and the editor.

// The server shows times by this clock from the next page on.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// What changes on an open page comes from the engine as the page has it: a part that is there is replaced, an event that is not
// there yet gets its place by its number, and the oldest ones go.
const live = document.querySelector("[data-live]");
if (live?.dataset.live) {
  const status = document.querySelector("[data-live-status]");
  const pause = document.querySelector("[data-live-pause]");
  const say = (word) => { if (status) { status.textContent = status.dataset[word]; } };
  const numberOf = (part) => Number(part.id.split("-")[1]);

  const show = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const part of [...template.content.children]) {
      const there = document.getElementById(part.id);
      if (there) {
        // Whoever is about to follow a link in it keeps that.
        if (!there.contains(document.activeElement)) { there.replaceWith(part); }
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
      feed.addEventListener("error", () => say(feed.readyState === EventSource.CLOSED ? "off" : "lost"));
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
