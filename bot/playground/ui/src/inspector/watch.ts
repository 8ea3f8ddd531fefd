import { useEffect, useState } from "react";
import { EMPTY, type Record, told } from "./record";

const AGAIN_MS = 1000;

/** The record of the server, for as long as somebody looks at it. */
export function useRecord(): Record {
  const [record, setRecord] = useState(EMPTY);
  useEffect(() => {
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    function connect() {
      source = new EventSource("/inspect/changes");
      source.onmessage = (event) => {
        const news = JSON.parse(event.data);
        setRecord((now) => told(now, news));
      };
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
      };
    }
    connect();
    return () => {
      clearTimeout(again);
      source?.close();
    };
  }, []);
  return record;
}
