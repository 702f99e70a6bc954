// What netsh prints, authored in the documented shapes (docs/windows.md, "Where the shapes come from"). The English labels and
// the Chinese order are documented; the French, German and Russian labels, and most of the Chinese ones, are our translations:
// no real sample was found. The parser looks at none of them.
import { type Adapter, type Language, type Model, versions } from './model.ts';

interface Labels {
  readonly title: (alias: string) => string;
  readonly bytes: string;
  readonly seconds: string;
  readonly labels: readonly string[];
}

const english: Labels = {
  title: (alias) => `Interface ${alias} Parameters`,
  bytes: 'bytes',
  seconds: 'seconds',
  labels: [
    'State',
    'Metric',
    'Link MTU',
    'Reachable Time',
    'Base Reachable Time',
    'Retransmission Interval',
    'DAD Transmits',
    'Site Prefix Length',
    'Site Id',
    'Forwarding',
    'Advertising',
    'Neighbor Discovery',
    'Neighbor Unreachability Detection',
    'Router Discovery',
    'Managed Address Configuration',
    'Other Stateful Configuration',
    'Weak Host Sends',
    'Weak Host Receives',
    'Use Automatic Metric',
    'Ignore Default Routes',
    'Advertised Router Lifetime',
    'Advertise Default Route',
  ],
};
const languages: Record<Language, Labels> = {
  'en-US': english,
  'fr-FR': {
    title: (alias) => `Paramètres de l’interface ${alias}`,
    bytes: 'octets',
    seconds: 'secondes',
    labels: [
      'État',
      'Métrique',
      'MTU de liaison',
      'Temps accessible',
      'Temps accessible de base',
      'Intervalle de retransmission',
      'Transmissions DAD',
      'Longueur du préfixe de site',
      'ID de site',
      'Transmission',
      'Annonce',
      'Découverte de voisins',
      'Détection d’inaccessibilité de voisin',
      'Découverte de routeurs',
      'Configuration d’adresse gérée',
      'Autre configuration avec état',
      'Envois d’hôte faible',
      'Réceptions d’hôte faible',
      'Utiliser la métrique automatique',
      'Ignorer les itinéraires par défaut',
      'Durée de vie du routeur annoncé',
      'Annoncer l’itinéraire par défaut',
    ],
  },
  'de-DE': {
    title: (alias) => `Parameter der Schnittstelle ${alias}`,
    bytes: 'Bytes',
    seconds: 'Sekunden',
    labels: [
      'Status',
      'Metrik',
      'Verbindungs-MTU',
      'Erreichbare Zeit',
      'Basiserreichbarkeitszeit',
      'Neuübertragungsintervall',
      'DAD-Übertragungen',
      'Standortpräfixlänge',
      'Standort-ID',
      'Weiterleitung',
      'Ankündigung',
      'Nachbarsuche',
      'Nachbar-Nichterreichbarkeitserkennung',
      'Routersuche',
      'Verwaltete Adresskonfiguration',
      'Andere statusbehaftete Konfiguration',
      'Sendevorgänge schwacher Hosts',
      'Empfangsvorgänge schwacher Hosts',
      'Automatische Metrik verwenden',
      'Standardrouten ignorieren',
      'Angekündigte Routerlebensdauer',
      'Standardroute ankündigen',
    ],
  },
  'zh-CN': {
    title: (alias) => `接口 ${alias} 参数`,
    bytes: '字节',
    seconds: '秒',
    labels: [
      '状态',
      '跃点数',
      '链接 MTU',
      '可访问时间',
      '基本可访问时间',
      '重传间隔',
      'DAD 传输',
      '站点前缀长度',
      '站点 ID',
      '转发',
      '播发',
      '邻居发现',
      '邻居无法访问检测',
      '路由器发现',
      '受管理的地址配置',
      '其他有状态的配置',
      '弱主机发送',
      '弱主机接收',
      '使用自动跃点数',
      '忽略默认路由',
      '播发的路由器生存时间',
      '播发默认路由',
    ],
  },
  'ru-RU': {
    title: (alias) => `Параметры интерфейса ${alias}`,
    bytes: 'байт',
    seconds: 'секунд',
    labels: [
      'Состояние',
      'Метрика',
      'MTU канала',
      'Время доступности',
      'Базовое время доступности',
      'Интервал повторной передачи',
      'Передачи DAD',
      'Длина префикса сайта',
      'Код сайта',
      'Пересылка',
      'Объявление',
      'Обнаружение соседей',
      'Обнаружение недоступности соседей',
      'Обнаружение маршрутизаторов',
      'Настройка управляемых адресов',
      'Другая настройка с сохранением состояния',
      'Отправка слабых узлов',
      'Получение слабых узлов',
      'Использовать автоматическую метрику',
      'Игнорировать основные маршруты',
      'Время жизни маршрутизатора',
      'Объявлять основной маршрут',
    ],
  },
};

const word = (value: boolean): string => (value ? 'enabled' : 'disabled');

/** `netsh interface ipv4 show interfaces level=verbose store=...`: Windows Server 2008 adds Compartment Id and ends early. */
export function verboseText(model: Model, store: 'active' | 'persistent'): string[] {
  const vista = versions[model.version].minor === 0 && versions[model.version].major === 6;
  return model.adapters
    .filter(({ present }) => present)
    .flatMap((adapter) => ['', ...verboseBlock(adapter, languages[model.language], store, vista)]);
}

function verboseBlock(
  adapter: Adapter,
  { title, bytes, seconds, labels }: Labels,
  store: 'active' | 'persistent',
  vista: boolean,
): string[] {
  const flag = (name: 'weakHostSend' | 'weakHostReceive'): string =>
    word(store === 'active' ? adapter[name].active : adapter[name].persistent === true);
  const heading = title(adapter.alias);
  const values = [
    adapter.up ? 'connected' : 'disconnected',
    String(adapter.metric),
    `1500 ${bytes}`,
    '30500 ms',
    '30000 ms',
    '1000 ms',
    '3',
    '64',
    '1',
    word(false),
    word(false),
    word(true),
    word(true),
    'dhcp',
    word(true),
    word(true),
    flag('weakHostSend'),
    flag('weakHostReceive'),
    word(adapter.automaticMetric),
    word(false),
    `1800 ${seconds}`,
    word(false),
  ];
  const width = Math.max(...labels.map((label) => label.length));
  const line = (label: string, value: string): string => `${label.padEnd(width)} : ${value}`;
  return [
    heading,
    '-'.repeat(46),
    line('IfLuid', `ethernet_${adapter.index}`),
    line('IfIndex', String(adapter.index)),
    ...(vista ? [line('Compartment Id', '1')] : []),
    ...values.slice(0, vista ? 20 : 22).map((value, position) => line(labels[position] ?? '', value)),
  ];
}

/** `netsh interface ipv4 dump`: a comment in the language of Windows, then commands that every language writes alike. */
export function dumpText(model: Model): string[] {
  const kept = model.adapters.filter(({ device }) => device !== null);
  return [
    '# ----------------------------------',
    model.language === 'ru-RU' ? '# Конфигурация IPv4' : '# IPv4 Configuration',
    '# ----------------------------------',
    'pushd interface ipv4',
    '',
    'reset',
    model.language === 'ru-RU' ? 'set global' : 'set global icmpredirects=enabled',
    ...kept.flatMap(({ alias, gateways }) =>
      gateways.map((gateway) => `add route prefix=0.0.0.0/0 interface="${alias}" nexthop=${gateway} publish=Yes`),
    ),
    ...kept.map((adapter) => {
      const weak = (['weakHostSend', 'weakHostReceive'] as const).flatMap((name) =>
        adapter[name].persistent === null ? [] : [`${name.toLowerCase()}=${word(adapter[name].persistent)}`],
      );
      return [
        'set interface',
        `interface="${adapter.alias}"`,
        'forwarding=enabled advertise=enabled nud=enabled',
        ...weak,
        'ignoredefaultroutes=disabled',
      ].join(' ');
    }),
    ...kept.flatMap(({ alias, addresses }) =>
      addresses
        .filter(({ ip, persistent }) => persistent !== false && !ip.includes(':'))
        .map(
          ({ ip, prefixLength, skipAsSource }) =>
            `add address name="${alias}" address=${ip} mask=${maskOf(prefixLength)}${skipAsSource === true ? ' skipassource=true' : ''}`,
        ),
    ),
    '',
    '',
    'popd',
    model.language === 'ru-RU' ? '# Конец конфигурации IPv4' : '# End of IPv4 configuration',
  ];
}

/** `netsh interface ipv6 dump`. */
export function dumpText6(model: Model): string[] {
  const lines: string[] = [];
  for (const { alias, addresses } of model.adapters) {
    for (const { ip } of addresses) if (ip.includes(':')) lines.push(`add address interface="${alias}" address=${ip}`);
  }
  return ['pushd interface ipv6', '', 'reset', ...lines, '', 'popd'];
}

/** `netsh interface ip dump` of 2003. */
export function dumpText2003(model: Model): string[] {
  return [
    '# ---------------------------------- ',
    '# Interface IP Configuration         ',
    '# ---------------------------------- ',
    'pushd interface ip',
    '',
    ...model.adapters
      .filter(({ device }) => device !== null)
      .flatMap(({ alias, addresses, gateways, registersDns }) => [
        '',
        `# Interface IP Configuration for "${alias}"`,
        '',
        ...addresses
          .slice(0, 1)
          .map(
            ({ ip, prefixLength }) =>
              `set address name="${alias}" source=static addr=${ip} mask=${maskOf(prefixLength)}`,
          ),
        ...addresses
          .slice(1)
          .map(({ ip, prefixLength }) => `add address name="${alias}" addr=${ip} mask=${maskOf(prefixLength)}`),
        ...gateways.map((gateway) => `set address name="${alias}" gateway=${gateway} gwmetric=0`),
        `set dns name="${alias}" source=static addr=none register=${registersDns ? 'PRIMARY' : 'NONE'}`,
        `set wins name="${alias}" source=static addr=none`,
      ]),
    '',
    '',
    'popd',
    '# End of interface IP configuration',
  ];
}

/** The dotted mask of a prefix length. */
export function maskOf(prefixLength: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefixLength - start)))).join('.');
}
