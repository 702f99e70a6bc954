import { createHash } from 'node:crypto';

/** The Windows versions that the recordings have: NT version, what the registry names it, the PowerShell that ran. */
export const versions = {
  2003: {
    major: 5,
    minor: 2,
    build: 3790,
    product: 'Microsoft Windows Server 2003 R2',
    servicePack: 'Service Pack 2',
    shell: '2.0',
  },
  2008: {
    major: 6,
    minor: 0,
    build: 6002,
    product: 'Windows Server (R) 2008 Standard',
    servicePack: 'Service Pack 2',
    shell: '2.0',
  },
  '2008r2': {
    major: 6,
    minor: 1,
    build: 7601,
    product: 'Windows Server 2008 R2 Standard',
    servicePack: 'Service Pack 1',
    shell: '2.0',
  },
  '2012r2': {
    major: 6,
    minor: 3,
    build: 9600,
    product: 'Windows Server 2012 R2 Standard',
    servicePack: null,
    shell: '4.0',
  },
  2016: {
    major: 10,
    minor: 0,
    build: 14_393,
    product: 'Windows Server 2016 Standard',
    servicePack: null,
    shell: '5.1.14393.6343',
  },
  2019: {
    major: 10,
    minor: 0,
    build: 17_763,
    product: 'Windows Server 2019 Standard',
    servicePack: null,
    shell: '5.1.17763.5328',
  },
  2022: {
    major: 10,
    minor: 0,
    build: 20_348,
    product: 'Windows Server 2022 Standard',
    servicePack: null,
    shell: '5.1.20348.2400',
  },
  2025: {
    major: 10,
    minor: 0,
    build: 26_100,
    product: 'Windows Server 2025 Standard',
    servicePack: null,
    shell: '7.6.5',
  },
} as const;
export type VersionName = keyof typeof versions;
export type Language = 'en-US' | 'fr-FR' | 'de-DE' | 'zh-CN' | 'ru-RU';

export interface AdapterAddress {
  readonly ip: string;
  readonly prefixLength: number;
  /** NL_DAD_STATE; 4 is preferred. */
  readonly state?: number;
  readonly skipAsSource?: boolean;
  readonly persistent?: boolean;
  /** NL_PREFIX_ORIGIN; 1 is manual. */
  readonly origin?: number;
}

/** A switch of the active and of the persistent store; null persistent: the store holds no value. */
export interface Switch {
  readonly active: boolean;
  readonly persistent: boolean | null;
}

export interface Adapter {
  readonly guid: string;
  readonly index: number;
  readonly alias: string;
  readonly description: string;
  /** IANA ifType. */
  readonly type: number;
  readonly mac: string;
  /** Null for what is no adapter, such as the loopback pseudo-interface. */
  readonly device: {
    readonly instance: string;
    readonly hardwareIds: readonly string[];
    readonly service: string;
    readonly configFlags: number;
  } | null;
  readonly up: boolean;
  readonly present: boolean;
  readonly addresses: readonly AdapterAddress[];
  readonly gateways: readonly string[];
  readonly dhcp: boolean;
  readonly metric: number;
  readonly automaticMetric: boolean;
  readonly weakHostSend: Switch;
  readonly weakHostReceive: Switch;
  readonly registersDns: boolean;
  /** 0 default, 1 enabled, 2 disabled. */
  readonly netbios: number;
  readonly unbound: readonly string[];
  /** NLM_NETWORK_CATEGORY; null: in no network. */
  readonly category: number | null;
}

export interface Model {
  readonly name: string;
  /** What the host shows, in one sentence. */
  readonly shows: string;
  readonly version: VersionName;
  readonly language: Language;
  readonly elevated: boolean;
  readonly domainRole: number;
  readonly adapters: readonly Adapter[];
  readonly extraRoutes: readonly {
    readonly index: number;
    readonly destination: string;
    readonly nextHop: string | null;
    readonly persistent?: boolean;
  }[];
  readonly firewall: {
    readonly enabled: boolean;
    readonly blockAllInbound: boolean;
    readonly excludedInterfaces: readonly string[];
    readonly rules: Readonly<Record<string, string>>;
    readonly policyRules: Readonly<Record<string, string>>;
    readonly policies: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  };
  readonly tcp: readonly (readonly [string, number])[];
  readonly udp: readonly (readonly [string, number])[];
  readonly services: Readonly<Record<string, number>>;
  readonly listenOnly: readonly string[] | null;
  readonly ipEnableRouter: number;
  /** Calls that fail, as patterns, with the message that Windows gives. */
  readonly failures: readonly { readonly call: string; readonly error: string }[];
}

export const vip = '10.77.0.100';
export const off: Switch = { active: false, persistent: null };
export const on: Switch = { active: true, persistent: true };
/** Set with store=active only: gone after a restart. */
export const onUntilRestart: Switch = { active: true, persistent: null };

const lanNames: Record<Language, string> = {
  'en-US': 'LAN',
  'fr-FR': 'Connexion au réseau local',
  'de-DE': 'LAN-Verbindung',
  'zh-CN': '本地连接',
  'ru-RU': 'Подключение по локальной сети',
};
/** The names of the driver that were found, and for Russian a translation. Only here, never in the product: the driver is known by its hardware id. */
export const loopbackNames: Record<Language, { readonly old: string; readonly kmTest: string }> = {
  'en-US': { old: 'Microsoft Loopback Adapter', kmTest: 'Microsoft KM-TEST Loopback Adapter' },
  'fr-FR': { old: 'Carte de bouclage Microsoft', kmTest: 'Carte de bouclage Microsoft KM-TEST' },
  'de-DE': { old: 'Microsoft Loopbackadapter', kmTest: 'Microsoft KM-TEST-Loopbackadapter' },
  'zh-CN': { old: 'Microsoft 环回适配器', kmTest: 'Microsoft KM-TEST 环回适配器' },
  'ru-RU': { old: 'Адаптер Microsoft замыкания на себя', kmTest: 'Адаптер Microsoft KM-TEST замыкания на себя' },
};

export const lanGuid = '{0A1B2C3D-0000-4000-8000-000000000011}';
export const loopbackGuid = '{0A1B2C3D-0000-4000-8000-000000000012}';
const pseudoGuid = '{0A1B2C3D-0000-4000-8000-000000000001}';

function lan(name: string, version: VersionName, language: Language): Adapter {
  const before2008 = versions[version].major < 6;
  return {
    guid: lanGuid,
    index: before2008 ? 65_539 : 11,
    alias: lanNames[language],
    description: 'vmxnet3 Ethernet Adapter',
    type: 6,
    mac: `005056${createHash('sha256').update(name).digest('hex').slice(0, 6).toUpperCase()}`, // each host has its own
    device: {
      instance: String.raw`PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\FF`,
      hardwareIds: [String.raw`PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD`, String.raw`PCI\VEN_15AD&DEV_07B0`],
      service: 'vmxnet3ndis6',
      configFlags: 0,
    },
    up: true,
    present: true,
    addresses: [{ ip: '10.77.0.21', prefixLength: 24 }],
    gateways: ['10.77.0.1'],
    dhcp: false,
    metric: before2008 ? 10 : 15,
    automaticMetric: true,
    weakHostSend: off,
    weakHostReceive: before2008 ? off : on,
    registersDns: true,
    netbios: 0,
    unbound: [],
    category: 2,
  };
}

function loopbackAdapter(version: VersionName, language: Language): Adapter {
  const { major, minor } = versions[version];
  const kmTest = major > 6 || (major === 6 && minor >= 2);
  return {
    guid: loopbackGuid,
    index: major < 6 ? 65_540 : 18,
    alias: 'LO',
    description: kmTest ? loopbackNames[language].kmTest : loopbackNames[language].old,
    type: 6,
    mac: '02004C4F4F50',
    device: {
      instance: String.raw`ROOT\NET\0000`,
      hardwareIds: ['*msloop'],
      service: kmTest ? 'kmloop' : 'msloop',
      configFlags: 0,
    },
    up: true,
    present: true,
    addresses: [{ ip: vip, prefixLength: 32, skipAsSource: true }],
    gateways: [],
    dhcp: false,
    metric: 254,
    automaticMetric: false,
    weakHostSend: major < 6 ? off : on,
    weakHostReceive: major < 6 ? off : on,
    registersDns: false,
    netbios: 2,
    unbound: ['ms_msclient', 'ms_server', 'ms_pacer', 'ms_lltdio', 'ms_rspndr'],
    category: 0,
  };
}

function pseudoInterface(version: VersionName): Adapter {
  const before2008 = versions[version].major < 6;
  return {
    guid: pseudoGuid,
    index: 1,
    alias: before2008 ? 'MS TCP Loopback interface' : 'Loopback Pseudo-Interface 1',
    description: before2008 ? 'MS TCP Loopback interface' : 'Software Loopback Interface 1',
    type: 24,
    mac: '',
    device: null,
    up: true,
    present: true,
    addresses: [{ ip: '127.0.0.1', prefixLength: 8, origin: 2, persistent: false }],
    gateways: [],
    dhcp: false,
    metric: 75,
    automaticMetric: true,
    weakHostSend: off,
    weakHostReceive: off,
    registersDns: false,
    netbios: 0,
    unbound: [],
    category: null,
  };
}

/** A backend that meets every requirement, on the version and in the language given. */
export function goodBackend(name: string, shows: string, version: VersionName, language: Language): Model {
  return {
    name,
    shows,
    version,
    language,
    elevated: true,
    domainRole: 3,
    adapters: [lan(name, version, language), loopbackAdapter(version, language), pseudoInterface(version)],
    extraRoutes: [],
    firewall: {
      enabled: true,
      blockAllInbound: false,
      excludedInterfaces: [],
      rules: {
        'DSR-VIP-80': `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|LA4=${vip}|Name=DSR VIP 80|`,
        'CoreNet-ICMP4-DUFRAG-In':
          'v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=1|ICMP4=3:4|App=System|Name=@FirewallAPI.dll,-25110|Desc=@FirewallAPI.dll,-25112|EmbedCtxt=@FirewallAPI.dll,-25000|',
        'RemoteDesktop-In-TCP':
          'v2.10|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|App=System|Name=@FirewallAPI.dll,-28753|',
        'CoreNet-DNS-Out-UDP': String.raw`v2.10|Action=Allow|Active=TRUE|Dir=Out|Protocol=17|RPort=53|App=%SystemRoot%\system32\svchost.exe|Svc=dnscache|Name=@FirewallAPI.dll,-25405|`,
      },
      policyRules: {},
      policies: {},
    },
    tcp: [
      ['0.0.0.0', 80],
      ['0.0.0.0', 135],
      ['::', 80],
    ],
    udp: [['0.0.0.0', 123]],
    services: { MpsSvc: 4, SharedAccess: 1, RemoteAccess: 1, Dnscache: 4 },
    listenOnly: null,
    ipEnableRouter: 0,
    failures: [],
  };
}

/** The model with its LAN adapter changed. */
export function withLan(model: Model, change: Partial<Adapter>): Model {
  return withAdapter(model, lanGuid, change);
}

/** The model with its loopback adapter changed. */
export function withLoopback(model: Model, change: Partial<Adapter>): Model {
  return withAdapter(model, loopbackGuid, change);
}

function withAdapter(model: Model, guid: string, change: Partial<Adapter>): Model {
  return {
    ...model,
    adapters: model.adapters.map((adapter) => (adapter.guid === guid ? Object.assign({}, adapter, change) : adapter)),
  };
}
