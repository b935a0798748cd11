// "Use my location": asks only when pressed, fills the two point controls, and keeps nothing else.
import { control, degrees, fill, text } from "./texts";

/** Prepares every button with data-locate="NAME_OF_LON,NAME_OF_LAT"; data-send sends its form.
 *  What is sent so is answered and forgotten: three decimals, about a hundred metres, suffice. Such a
 *  form posts, so that no address holds where somebody is. */
export function locating(): void {
  if (!("geolocation" in navigator)) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-locate]")) {
    const [lon, lat] = (button.dataset["locate"] ?? "").split(",").map((name) => control(button, name.trim()));
    if (!lon || !lat) continue;
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.className = "soft small";
    button.after(status);
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      status.textContent = text(button, "asking");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const send = "send" in button.dataset;
          fill(lon, degrees(coords.longitude, send ? 3 : 5));
          fill(lat, degrees(coords.latitude, send ? 3 : 5));
          status.textContent = text(button, "found").replace("{metres}", String(Math.round(coords.accuracy)));
          button.disabled = false;
          if (send) button.form?.requestSubmit();
        },
        (error) => {
          status.textContent = text(button, error.code === error.PERMISSION_DENIED ? "refused" : "failed");
          button.disabled = false;
        },
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
      );
    });
  }
}
