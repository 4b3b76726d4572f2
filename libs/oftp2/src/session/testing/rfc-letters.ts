/**
 * The five state tables of RFC 5024 §9.8.1, §9.9.1, §9.10.1, §9.11.1 and §9.12.1, copied letter by letter from the printed
 * standard (not from our tables), so that the tests can compare the two. A column `Other` is the standard's "Other States".
 */
export interface PrintedTable {
  readonly section: '9.8' | '9.9' | '9.10' | '9.11' | '9.12';
  readonly columns: string;
  readonly rows: Readonly<Record<string, string>>;
}

const SESSION_CONNECTION: PrintedTable = {
  section: '9.8',
  columns: 'IDLE I_WF_NC I_WF_RM I_WF_SSID A_NC_ONLY A_WF_CONRS WF_AUCH WF_AURP WF_SECD Other',
  rows: {
    F_CONNECT_RQ: 'A X X X X X X X X X',
    N_CON_CF: '    X C X X X X X X X X',
    SSRM: '        X X H X X X L L L X',
    SSID: '        X X X D E F L L L F',
    N_CON_IND: '   B X X X X X X X X X',
    F_CONNECT_RS: 'X U U U U G X X X U',
    ESID: '        X X X F X X F F F X',
    AUCH: '        X X U U X X I L L U',
    AURP: '        X X U U X X L K L U',
    SECD: '        X X U U X X L L J U',
  },
};

const ERROR_AND_ABORT: PrintedTable = {
  section: '9.9',
  columns: 'IDLE I_WF_NC WF_NDISC Other',
  rows: {
    TIME_OUT: '      X X A B',
    F_ABORT_RQ: '    X A X C',
    N_RST_IND: '     X X A D',
    N_DISC_IND: '    X E F G',
    INVALID_BUFFER: 'X X H I',
  },
};

const SPEAKER_1: PrintedTable = {
  section: '9.10',
  columns: 'IDLESP IDLESPCD WF_RTR WF_CD ERSTWFCD NRSTWFCD SFSTWFCD CDSTWFCD OPOP OPO OPOWFC WF_NDISC Other',
  rows: {
    F_EERP_RQ: '      A A W F W W  U U U U U U U',
    F_NERP_RQ: '      Y Y W Z W W  U U U U U U U',
    F_START_FILE_RQ: 'B B W G W W  U U U U U X U',
    SFPA: '           C C C C C C  C C K C C S C',
    SFNA: '           C C C C C C  C C L C C S C',
    CD: '             C C C H R Z1 I J C C C S C',
    F_DATA_RQ: '      U U U U U U  U U U M U S U',
    CDT: '            C C C C C C  C C C P O S C',
    F_CD_RQ: '        D U W T W W  U U U U U X U',
    'F_REL_RQ(Ok)': ' U E U U U U  U U U U U X U',
    'F_REL_RQ(Err)': 'Q Q Q Q Q Q  Q Q Q Q Q S Q',
    RTR: '            C C N C C C  C C C C C S C',
  },
};

const SPEAKER_2: PrintedTable = {
  section: '9.11',
  columns: 'OPO OPOWFC CLOP',
  rows: {
    F_CLOSE_FILE_RQ: 'A E U',
    EFPA: '           B B C',
    EFNA: '           B B D',
  },
};

const LISTENER: PrintedTable = {
  section: '9.12',
  columns: 'IDLELI IDLELICD OPIP OPI CLIP RTRP',
  rows: {
    SFID: '           A A B B B B',
    DATA: '           B B B I B B',
    EFID: '           B B B J B B',
    F_START_FILE_RS: 'U U H U U U',
    F_CLOSE_FILE_RS: 'U U U U K U',
    CD: '             C B B B B B',
    'ESID(Normal)': ' D F D D D D',
    'ESID(Error)': '  D D D D D D',
    EERP: '           E E B B B B',
    NERP: '           L L B B B B',
    F_RTR_RS: '       U U U U U M',
  },
};

/** All five tables as printed. */
export const PRINTED_TABLES: readonly PrintedTable[] = [
  SESSION_CONNECTION,
  ERROR_AND_ABORT,
  SPEAKER_1,
  SPEAKER_2,
  LISTENER,
];
