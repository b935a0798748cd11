// What a resident's form gains with JavaScript. Everything works without.
import { drafts } from "./draft";
import { locating } from "./locate";
import { photos } from "./photos";
import { placeSearch } from "./places";

drafts();
locating();
photos();
placeSearch();
