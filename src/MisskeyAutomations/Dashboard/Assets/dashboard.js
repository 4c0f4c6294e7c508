// What the pages do beyond links and forms. Without it all of them work, but for the live feed and the editor.

// The server shows times by this clock from the next page on.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
if (!document.cookie.split("; ").includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// Where something on the page is to be kept up to date, the engine is listened to, and htmx fetches that part anew:
// hx-trigger="live-changed from:body throttle:2s".
if (document.querySelector("[data-live]")) {
  const live = new EventSource("/live");
  for (const kind of ["changed", "decided"]) {
    live.addEventListener(kind, (event) =>
      document.body.dispatchEvent(new CustomEvent(`live-${kind}`, { detail: event.data })));
  }
}
