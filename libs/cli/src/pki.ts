/** Reading certificates and sealing secrets, loaded when first needed: most commands do neither. */
export const pki = () => import('@certlane/pki');
