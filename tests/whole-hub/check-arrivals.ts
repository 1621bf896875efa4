/** A fact as PostgreSQL's log holds it. */
export interface Fact {
  id: string;
  /** `staff.moved` */
  name: string;
  subject: string;
  sequence: number;
  /** Names of the attributes that changed, where the fact tells them. */
  changed: readonly string[];
}

/** An event as a subscriber took it, whatever the channel. */
export interface Arrival {
  id: string;
  type: string;
  subject: string;
  sequence: number;
  /** As it came, before anything was read from it. */
  body: string;
}

/** Who took events, in the order of arrival, and what of the log it should have taken. */
export interface Subscriber {
  name: string;
  arrivals: readonly Arrival[];
  maySee(fact: Fact): boolean;
}

const nameOf = (type: string): string => type.replace(/^vn\.lienthong\.|\.v1$/g, '');

/** What arrived for the first time, in its order; and a sentence for each repeat that is not what came before. */
const firstArrivals = (arrivals: readonly Arrival[]): { first: Map<string, Arrival>; faults: string[] } => {
  const first = new Map<string, Arrival>();
  const faults: string[] = [];
  for (const arrival of arrivals) {
    const { id, body } = arrival;
    const before = first.get(id);
    if (before === undefined) first.set(id, arrival);
    else if (before.body !== body)
      faults.push(`${id} came again with another body: ${before.body} | ${body}`);
  }
  return { first, faults };
};

/** A sentence for each event that came after a later one of its subject. */
const findDisorder = (first: Iterable<Arrival>): string[] => {
  const faults: string[] = [];
  const last = new Map<string, number>();
  for (const { id, type, subject, sequence } of first) {
    const before = last.get(subject) ?? 0;
    if (sequence <= before)
      faults.push(`${nameOf(type)} ${sequence} of ${subject} (${id}) came after ${before}`);
    last.set(subject, Math.max(before, sequence));
  }
  return faults;
};

/**
 * Compares what a subscriber took with the committed log: nothing missing, nothing that is not for it, repeats equal to
 * what came first, and within each subject the first arrivals in order. One sentence for each fault; none: all is well.
 */
export const checkArrivals = (log: readonly Fact[], { name, arrivals, maySee }: Subscriber): string[] => {
  const { first, faults } = firstArrivals(arrivals);
  const facts = new Map(log.map(fact => [fact.id, fact]));
  for (const fact of log)
    if (maySee(fact) && !first.has(fact.id))
      faults.push(`${fact.name} ${fact.sequence} of ${fact.subject} (${fact.id}) is missing`);
  for (const { id, type, subject, sequence } of first.values()) {
    const fact = facts.get(id);
    const said = `${nameOf(type)} ${sequence} of ${subject}`;
    if (fact === undefined) faults.push(`${said} (${id}) is not in the log`);
    else if (said !== `${fact.name} ${fact.sequence} of ${fact.subject}`)
      faults.push(`${id} came as ${said}, the log has ${fact.name} ${fact.sequence} of ${fact.subject}`);
    else if (!maySee(fact)) faults.push(`${said} (${id}) is not for it`);
  }
  faults.push(...findDisorder(first.values()));
  return faults.map(fault => `${name}: ${fault}`);
};
