import { type Asn1Element, malformed, tagName } from './element.js';
import { want } from './values.js';

/** Takes the fields of a SEQUENCE one by one, the optional ones by their tag. */
export class Fields {
  private at = 0;

  constructor(
    private readonly elements: readonly Asn1Element[],
    /** Name of the structure for messages. */
    private readonly structure: string,
  ) {}

  /** The fields of `element`, which must be of `tag`. */
  static of(element: Asn1Element | undefined, tag: number, structure: string): Fields {
    return new Fields(want(element, tag, structure).children, structure);
  }

  /** The next field, which must be of `tag`. */
  required(tag: number, field: string): Asn1Element {
    const element = want(this.elements[this.at], tag, `${field} of ${this.structure}`);
    this.at += 1;
    return element;
  }

  /** The next field of whatever tag. */
  any(field: string): Asn1Element {
    const element = this.elements[this.at];
    if (element === undefined) throw malformed(`${field} of ${this.structure} is missing`);
    this.at += 1;
    return element;
  }

  /** The next field if it is of `tag`. */
  optional(tag: number): Asn1Element | undefined {
    const element = this.elements[this.at];
    if (element?.tag !== tag) return undefined;
    this.at += 1;
    return element;
  }

  /** The next field, whatever it is, without taking it. */
  peek(): Asn1Element | undefined {
    return this.elements[this.at];
  }

  /** Refuses fields that are left. */
  end(): void {
    const left = this.elements[this.at];
    if (left !== undefined) throw malformed(`${this.structure} has an unexpected ${tagName(left.tag)}`);
  }
}
