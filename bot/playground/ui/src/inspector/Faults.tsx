import { useCallback, useEffect, useId, useState } from "react";
import { control } from "../api/control";
import { useApps } from "../state/select";
import { toast } from "../state/store";
import { FAULT_WORDS } from "./record";
import type { Fault } from "./shapes";

interface Ordered {
  faults: Fault[];
  methods: string[];
}

const OF_CALLS = ["ratelimited", "server_error", "slow", "drop_reply", "error"] as const;
const SHORT: { [kind: string]: string } = {
  ratelimited: "Nothing is done; the app is told to wait.",
  server_error: "Nothing is done.",
  slow: "It is done after a wait.",
  drop_reply: "It is done, then the connection is cut before the answer.",
  error: "Nothing is done; the answer names an error.",
};

async function doing(verb: string, body: object, done: (answer: { [key: string]: unknown }) => string) {
  try {
    toast(done(await control(verb, body)));
  } catch (error) {
    toast(`That did not work: ${(error as Error).message}`);
  }
}

const times = (count: number) => (count === 1 ? "once" : `${count} times`);

/** What one ordered fault will do, in a sentence. */
export function sentence(fault: Fault): string {
  const what = FAULT_WORDS[fault.kind] ?? fault.kind;
  if (fault.kind === "drop_ack" || fault.kind === "expire_stream") return `${what}, ${times(fault.times)}`;
  const more = { ratelimited: `, wait ${fault.seconds} s`, slow: `, ${fault.seconds} s`, error: ` ${fault.error}` };
  const method = fault.method === "*" ? "any method" : fault.method;
  return `${method}: ${what}${more[fault.kind as keyof typeof more] ?? ""}, ${times(fault.times)}`;
}

/** Faults to order; `changed` is a number that grows with the record, since faults are used up by what happens. */
export function Faults({ changed }: { changed: number }) {
  const [ordered, setOrdered] = useState<Ordered>({ faults: [], methods: [] });
  const look = useCallback(() => {
    control<Ordered>("faults").then(setOrdered, () => {});
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever something happened
  useEffect(look, [look, changed]);
  async function order(verb: string, body: object, done: (answer: { [key: string]: unknown }) => string) {
    await doing(verb, body, done);
    look();
  }
  return (
    <div className="faults">
      <CallFault methods={ordered.methods} order={order} />
      <OtherFaults order={order} />
      <section aria-label="Ordered faults">
        <h3>Ordered, and still to come</h3>
        {ordered.faults.length === 0 ? <p className="soft">None: everything works.</p> : null}
        <ul>
          {ordered.faults.map((fault) => (
            <li key={fault.id}>
              <span>{sentence(fault)}</span>
              <button
                type="button"
                className="quiet"
                aria-label={`Take back: ${sentence(fault)}`}
                onClick={() => void order("clear_faults", { id: fault.id }, () => "Taken back.")}
              >
                Take back
              </button>
            </li>
          ))}
        </ul>
        {ordered.faults.length > 1 ? (
          <button type="button" className="btn" onClick={() => void order("clear_faults", {}, () => "All taken back.")}>
            Take all back
          </button>
        ) : null}
      </section>
    </div>
  );
}

type Order = (verb: string, body: object, done: (answer: { [key: string]: unknown }) => string) => Promise<void>;

function CallFault({ methods, order }: { methods: string[]; order: Order }) {
  const list = useId();
  const [kind, setKind] = useState<string>("ratelimited");
  const [method, setMethod] = useState("chat.postMessage");
  const [count, setCount] = useState("1");
  const [seconds, setSeconds] = useState("5");
  const [error, setError] = useState("internal_error");
  const timed = kind === "ratelimited" || kind === "slow";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const fault = { method, kind, times: Number(count), seconds: Number(seconds), error };
        void order("fault", fault, () => "Ordered.");
      }}
    >
      <h3>Calls of the app</h3>
      <label className="span">
        Method
        <input list={list} value={method} required onChange={(event) => setMethod(event.target.value)} />
        <datalist id={list}>
          {methods.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label className="span">
        What happens
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          {OF_CALLS.map((one) => (
            <option key={one} value={one}>
              {FAULT_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        How often
        <input type="number" min="1" max="1000" value={count} onChange={(event) => setCount(event.target.value)} />
      </label>
      {timed ? (
        <label>
          Seconds
          <input
            type="number"
            min="0"
            max="600"
            step="any"
            value={seconds}
            onChange={(event) => setSeconds(event.target.value)}
          />
        </label>
      ) : null}
      {kind === "error" ? (
        <label>
          Code
          <input value={error} required onChange={(event) => setError(event.target.value)} />
        </label>
      ) : null}
      <p className="soft span">{SHORT[kind]}</p>
      <button type="submit" className="btn primary">
        Order
      </button>
    </form>
  );
}

function OtherFaults({ order }: { order: Order }) {
  const apps = useApps();
  const [app, setApp] = useState("");
  const [acks, setAcks] = useState("1");
  const chosen = app || undefined;
  const cut = (abrupt: boolean) =>
    order("disconnect", { app_id: chosen, abrupt }, ({ connections }) =>
      connections ? `${connections} of its connections ${abrupt ? "cut" : "sent away"}.` : "There is no connection.",
    );
  return (
    <section aria-label="Socket, acknowledgements and streams" className="other-faults">
      <h3>Acknowledgements</h3>
      <div className="row">
        <label>
          Lose the next
          <input type="number" min="1" max="100" value={acks} onChange={(event) => setAcks(event.target.value)} />
        </label>
        <button
          type="button"
          className="btn"
          onClick={() =>
            void order("drop_acks", { times: Number(acks) }, () => "Ordered: the app will hear of it again.")
          }
        >
          Lose
        </button>
      </div>
      <h3>Socket</h3>
      <div className="row">
        {apps.length > 1 ? (
          <label>
            App
            <select value={app} onChange={(event) => setApp(event.target.value)}>
              <option value="">all</option>
              {apps.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <button
          type="button"
          className="btn"
          title="Slack asks the app to connect anew"
          onClick={() => void cut(false)}
        >
          Send away
        </button>
        <button
          type="button"
          className="btn"
          title="The connection breaks without a word"
          onClick={() => void cut(true)}
        >
          Cut
        </button>
      </div>
      <h3>Stream</h3>
      <div className="row">
        <button
          type="button"
          className="btn"
          title="The live stream is over now, as after 306 seconds; without one, the next as soon as it starts"
          onClick={() =>
            void order("expire_stream", {}, ({ ts }) =>
              ts ? "The stream is over." : "No stream is live: the next one is over as soon as it starts.",
            )
          }
        >
          Expire
        </button>
      </div>
    </section>
  );
}
