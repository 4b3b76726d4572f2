export { judge, type Case, type Judgement } from '../domain/judging/judge.js';
export { anAnswer, anIssuer, aRevocationList, aTrustList, aTrustView, type Holding } from './a-trust-view.js';
