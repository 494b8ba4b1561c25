/** One step of one order. */
export interface Event {
  caseId: string;
  activity: string;
  /** Milliseconds since 1970. */
  at: number;
  resource: string;
  customer: string;
  country: string;
  amount: number;
}

type Random = () => number;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WORK_BEGINS = 8;
const WORK_ENDS = 17;

/** Invented companies. */
const CUSTOMERS = [
  ["Müller & Söhne, GmbH", "DE"],
  ["Nordwind Werkzeuge, KG", "DE"],
  ["Café Crème Frères, SARL", "FR"],
  ["Ångström Verktyg, AB", "SE"],
  ["Hermanos Peña, S.L.", "ES"],
  ["Żółta Łódka Sp. z o.o.", "PL"],
  ['Havnens "Bedste" Fisk, ApS', "DK"],
  ["De Vrolijke Fietser B.V.", "NL"],
  ["Γαλάζιο Κύμα Α.Ε.", "GR"],
  ["みどり町商店", "JP"],
  ["O'Leary & Daughters Ltd", "IE"],
  ["Plain Parts Inc.", "US"],
] as const;

/** Who does it, and how many of them there are; 0 is a machine, which works day and night. */
const TEAMS = { sales: 4, credit: 2, warehouse: 6, shipping: 3, accounting: 3, bank: 1, system: 0 };
type Team = keyof typeof TEAMS;

/**
 * All events of order `number`, whatever other orders there are: each has its own random numbers, so that a longer log
 * begins with the shorter one.
 */
export function eventsOfCase(number: number, firstOrderAt: number, minutesBetweenOrders: number): Event[] {
  const random = randomNumbers(number);
  // At most one interval late, so that orders arrive in the order of their numbers.
  const arrival = firstOrderAt + (number - 1 + random()) * minutesBetweenOrders * MINUTE;
  const [customer, country] = CUSTOMERS[below(random, CUSTOMERS.length)] ?? CUSTOMERS[0];
  const amount = Math.round(40 + skewed(random, 4200) * 100) / 100;
  const order = new Order({ caseId: `SO-${10_000 + number}`, customer, country, amount }, arrival, random);
  order.run();
  return order.events;
}

/** Plays one order from its receipt to its payment, with the detours real ones take. */
class Order {
  readonly events: Event[] = [];

  constructor(
    private readonly about: Pick<Event, "caseId" | "customer" | "country" | "amount">,
    private now: number,
    private readonly random: Random,
  ) {}

  run(): void {
    this.happens("Order received", "system", 0);
    if (!this.passesCreditCheck()) {
      this.happens("Order rejected", "sales", 3);
      return;
    }
    this.happens("Order confirmed", "sales", 4);
    while (this.chance(0.12)) {
      this.happens("Order changed", "sales", 9);
      this.happens("Order confirmed", "sales", 2);
    }
    if (this.chance(0.03)) {
      this.happens("Order cancelled", "sales", 10);
      return;
    }
    this.fulfil();
    this.collect();
  }

  /** Small orders are not checked; some are checked again after a question to the customer. */
  private passesCreditCheck(): boolean {
    if (this.about.amount < 2500) return true;
    this.happens("Credit check", "credit", 5);
    while (this.chance(0.18)) {
      this.happens("Customer queried", "sales", 6);
      this.happens("Credit check", "credit", 8);
    }
    return !this.chance(0.06);
  }

  private fulfil(): void {
    this.happens("Goods picked", "warehouse", 9);
    while (this.chance(0.08)) {
      this.happens("Shortage reported", "warehouse", 1);
      this.happens("Goods picked", "warehouse", 26);
    }
    // Some customers are invoiced before the goods leave.
    const invoiceFirst = this.chance(0.22);
    if (invoiceFirst) this.happens("Invoice sent", "accounting", 3);
    this.happens("Goods shipped", "shipping", 5);
    if (!invoiceFirst) this.happens("Invoice sent", "accounting", 6);
  }

  private collect(): void {
    if (this.chance(0.05)) {
      this.happens("Goods returned", "warehouse", 60);
      this.happens("Credit note sent", "accounting", 8);
      return;
    }
    for (let reminders = 0; reminders < 3 && this.chance(0.17); reminders++) {
      this.happens("Payment reminder sent", "accounting", 130);
    }
    this.happens("Payment received", "bank", 190);
  }

  /** The next event, after a random while: `meanHours` of working time where people do it, of any time otherwise. */
  private happens(activity: string, team: Team, meanHours: number): void {
    const people = TEAMS[team];
    const wait = skewed(this.random, meanHours * HOUR);
    // Two thirds of a day are no working time; the wait counts the whole day.
    const at = people > 0 ? nextWorkingTime(this.now + wait, this.random) : this.now + wait;
    this.now = Math.round(at / 1000) * 1000;
    const resource = people > 0 ? `${team}-${1 + below(this.random, people)}` : team;
    this.events.push({ ...this.about, activity, at: this.now, resource });
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }
}

/** The time itself if people work then; else some time in the first two hours of the next working day. */
function nextWorkingTime(at: number, random: Random): number {
  const time = new Date(at);
  const isWeekday = (day: number) => day > 0 && day < 6;
  const hour = time.getUTCHours();
  if (isWeekday(time.getUTCDay()) && hour >= WORK_BEGINS && hour < WORK_ENDS) return at;
  let begin = at - (at % DAY) + WORK_BEGINS * HOUR;
  while (begin < at || !isWeekday(new Date(begin).getUTCDay())) begin += DAY;
  return begin + random() * 2 * HOUR;
}

/** Many short waits, a few long ones. Multiplication only, so that every machine gets the same numbers. */
function skewed(random: Random, mean: number): number {
  return 4 * mean * random() * random();
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Numbers from 0 to 1, determined by the seed: a 32-bit Weyl sequence, each step mixed. */
function randomNumbers(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
