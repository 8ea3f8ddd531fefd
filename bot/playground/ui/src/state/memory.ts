// What the page remembers: of this tab first (two tabs may be two people), else of the last tab that said it.
export const memory = {
  get: (key: string): string | null => {
    try {
      return sessionStorage.getItem(key) ?? localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key: string, value: string): void => {
    try {
      sessionStorage.setItem(key, value);
      localStorage.setItem(key, value);
    } catch {
      // a browser that keeps nothing: then it is forgotten with the page
    }
  },
};

/** What all tabs share, such as how far somebody has read. */
export const shared = {
  get: (key: string): string | null => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key: string, value: string): void => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // see above
    }
  },
};
