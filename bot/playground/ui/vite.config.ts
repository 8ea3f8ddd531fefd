import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SOON = new RegExp(
  "node_modules/(react|react-dom|react-virtuoso|scheduler|zustand|node-emoji|emojilib|char-regex|skin-tone" +
    "|unicode-emoji-modifier-base|@sindresorhus/is|use-sync-external-store)/",
);

// Names without hashes: the server says "no-cache", so that nobody gets an old page, and a change of ours leaves
// the large file of libraries as it is.
export default defineConfig({
  base: "/static/",
  plugins: [react()],
  build: {
    outDir: "../slack/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
        // what the page cannot do without, and the library that draws blocks, which comes after the first messages
        codeSplitting: {
          groups: [
            { name: "libraries", test: SOON },
            { name: "blocks", test: /node_modules\/.*\.m?js$/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "^/(control|changes|history|files|downloads|pictures|inspect|archives)": process.env.LOCAL_SLACK_URL ?? "",
    },
  },
});
