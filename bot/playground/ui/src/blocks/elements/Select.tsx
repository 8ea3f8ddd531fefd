import { useEffect, useMemo, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Json } from "../../api/types";
import { useStore } from "../../state/store";
import { type ElementProps, stateOf, tells, useAct } from "../acts";
import { useHeld } from "../form";
import { heldBy } from "../held";
import { type Group, groupsOf, type Option, optionOf, placesOf } from "../options";
import { Combobox } from "./Combobox";

const ASK_AFTER_MS = 200;
const MIN_QUERY = 3;
const isMany = (element: Json) => String(element.type).startsWith("multi_");
const isExternal = (element: Json) => String(element.type).endsWith("external_select");

function useOffered() {
  return useStore(
    useShallow((now) => ({
      users: now.overview?.users ?? [],
      channels: now.overview?.channels ?? [],
      viewer: now.overview?.viewer ?? "",
    })),
  );
}

/** Options that the app is asked for, and what is said while there are none. */
function useAsked({ acting, block, element }: ElementProps) {
  const [found, setFound] = useState<{ groups: Group[]; note: string }>({ groups: [], note: "" });
  const [asking, setAsking] = useState(false);
  const [stale, setStale] = useState(false);
  const latest = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const least = element.min_query_length ?? MIN_QUERY;
  async function ask(typed: string) {
    latest.current += 1;
    const mine = latest.current;
    setAsking(true);
    const answer = (await acting.suggest?.(block, element, typed)) ?? { options: [], error: "it cannot be asked here" };
    if (mine !== latest.current) return;
    setAsking(false);
    setStale(false);
    setFound({
      groups: groupsOf(answer),
      note: answer.error ? `The app gave no options: ${answer.error}` : "Nothing fits.",
    });
  }
  function search(typed: string) {
    clearTimeout(timer.current);
    latest.current += 1;
    setStale(typed.length >= least);
    if (typed.length < least) {
      setAsking(false);
      setFound({ groups: [], note: `Type ${least} letters or more.` });
    } else if (!typed) void ask(typed);
    else timer.current = setTimeout(() => void ask(typed), ASK_AFTER_MS);
  }
  return { groups: found.groups, note: asking ? "Looking…" : found.note, search, stale };
}

interface MenuProps extends ElementProps {
  groups: Group[];
  began: Option[];
  search?: (typed: string) => void;
  stale?: boolean;
  note?: string;
}

function Menu({ groups, began, search, stale, note, ...props }: MenuProps) {
  const { block, element, named } = props;
  const many = isMany(element);
  const [chosen, put] = useHeld<Option[]>(block, element, began, (held) =>
    many ? held.map((option) => option.value) : (held[0]?.value ?? null),
  );
  const { act, busy } = useAct(props);
  const placeholder = element.placeholder?.text || (many ? "Choose options" : "Choose an option");
  async function choose(next: Option[]) {
    const before = chosen;
    put(next);
    if (!tells(block)) return;
    const values = next.map((option) => option.value);
    if (!(await act(many ? values : (values[0] ?? null)))) put(before);
  }
  return (
    <Combobox
      id={named?.id}
      label={named?.label ?? placeholder}
      placeholder={placeholder}
      groups={groups}
      chosen={chosen}
      many={many}
      most={element.max_selected_items}
      // what began with an option cannot be emptied in Slack either
      clearable={!many && block.type === "input" && !began.length}
      wrong={named?.wrong}
      describedBy={named?.describedBy}
      busy={busy}
      search={search}
      stale={stale}
      note={note}
      choose={choose}
    />
  );
}

const asList = (held: unknown): unknown[] =>
  Array.isArray(held) ? held : held === null || held === undefined ? [] : [held];

/** A menu of the app's own options. */
export function StaticSelect(props: ElementProps) {
  const groups = useMemo(() => groupsOf(props.element), [props.element]);
  const began = asList(heldBy(props.element, stateOf(props))).map((one) => optionOf(one as Json));
  return <Menu {...props} groups={groups} began={began} />;
}

/** A menu whose options the app is asked for. */
export function ExternalSelect(props: ElementProps) {
  const asked = useAsked(props);
  const began = asList(heldBy(props.element, stateOf(props))).map((one) => optionOf(one as Json));
  return <Menu {...props} {...asked} began={began} />;
}

/** A menu of people, conversations or channels. */
export function PlaceSelect(props: ElementProps) {
  const { element } = props;
  const offered = useOffered();
  const here = useStore((now) => now.route.channel);
  const options = useMemo(() => placesOf(element, offered), [element, offered]);
  const held = asList(heldBy(element, stateOf(props)));
  const ids = !held.length && element.default_to_current_conversation && here ? [here] : held;
  const began = ids.map((id) => options.find(({ value }) => value === id) ?? { value: String(id), label: String(id) });
  return <Menu {...props} groups={[{ options }]} began={began} />;
}

/** Which menu an element is. */
export function Select(props: ElementProps) {
  if (isExternal(props.element)) return <ExternalSelect {...props} />;
  return String(props.element.type).endsWith("static_select") ? (
    <StaticSelect {...props} />
  ) : (
    <PlaceSelect {...props} />
  );
}
