// Starts what the pages need; without scripts every page still works by its links and forms.
import { watchComboboxes } from "./combobox.js";
import { keepFocus } from "./focus.js";
import { listen } from "./keys.js";

watchComboboxes();
keepFocus();
listen();
