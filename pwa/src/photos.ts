// Makes photos small before they travel: at most 1,600 pixels, JPEG. The server makes them anew in
// any case; this only spares the network. A file that cannot be read here is sent as it is.
import { text } from "./texts";

const LONGEST = 1600;
const QUALITY = 0.82;

async function smaller(file: File): Promise<File> {
  if (!file.type.startsWith("image/") || typeof createImageBitmap !== "function") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d");
    if (!context) return file;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

function kilobytes(size: number): string {
  return `${Math.max(1, Math.round(size / 1024)).toLocaleString(document.documentElement.lang)} KB`;
}

function show(list: HTMLElement, files: File[]): void {
  for (const old of list.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  list.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = "";
      const words = document.createElement("span");
      words.textContent = `${file.name} · ${kilobytes(file.size)}`;
      item.append(picture, words);
      return item;
    }),
  );
}

function busy(input: HTMLInputElement, on: boolean): void {
  for (const button of input.form?.querySelectorAll<HTMLButtonElement>("button[type=submit], button:not([type])") ?? []) {
    button.disabled = on;
  }
}

/** Prepares every file control marked with data-shrink. */
export function photos(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file][data-shrink]")) {
    const list = document.createElement("ul");
    list.className = "photos";
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    status.className = "field__hint";
    input.after(status, list);
    input.addEventListener("change", async () => {
      const most = Number(input.dataset["max"] ?? "5");
      const chosen = [...(input.files ?? [])];
      busy(input, true);
      status.textContent = chosen.length ? text(input, "working") : "";
      const kept: File[] = [];
      for (const file of chosen.slice(0, most)) kept.push(await smaller(file));
      const transfer = new DataTransfer();
      for (const file of kept) transfer.items.add(file);
      input.files = transfer.files;
      show(list, kept);
      status.textContent = chosen.length > most ? text(input, "too-many") : "";
      busy(input, false);
    });
  }
}
