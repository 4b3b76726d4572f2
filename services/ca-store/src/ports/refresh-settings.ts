/** Token of the settings by which lists are read (`RefreshSettings` of domain/refresh). */
export const REFRESH_SETTINGS = Symbol('ca:refresh-settings');
