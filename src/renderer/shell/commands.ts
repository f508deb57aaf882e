/** What the palette offers for a text: a moment of the archive first, then cameras, pages and commands. */
import { t } from '@lingui/core/macro';
import {
  AppWindow,
  Cctv,
  Clock,
  History,
  LogOut,
  type LucideIcon,
  Moon,
  Plus,
  Radar,
  Search,
  Sun,
} from 'lucide-react';
import type { Role } from '../../shared/accounts.ts';
import type { CameraView } from '../../shared/contract-cameras.ts';
import { parseMoment } from '../client/parse-moment.ts';
import { parseSearch, placesOf } from '../client/parse-search.ts';
import { navigate } from '../client/router.tsx';
import { setTheme } from '../client/theme.ts';
import { formatMoment } from '../client/time-format.ts';
import { buildFilterQuery, parseFilters } from '../features/events/event-query.ts';
import { may, useSession } from '../features/session/session-store.ts';
import { showProblem } from '../ui/Toast.tsx';
import { rankMatch } from './rank-match.ts';
import { DESTINATIONS } from './routes.tsx';

export interface Command {
  id: string;
  label: string;
  kind: string;
  icon: LucideIcon;
  /** The least role that may; absent: everybody. */
  role?: Role;
  run: () => void;
}

type NamedCamera = Pick<CameraView, 'id' | 'name' | 'zones' | 'lines'>;

const MOST = 12;

export function findCommands(text: string, cameras: readonly NamedCamera[], nowEpochMs: number): Command[] {
  const moments = may('operator')
    ? [...momentCommands(text, cameras, nowEpochMs), ...searchCommands(text, cameras, nowEpochMs)]
    : [];
  const others = [...pageCommands(), ...cameraCommands(cameras), ...actionCommands()].filter(
    ({ role = 'viewer' }) => may(role),
  );
  const ranked = others
    .map((command) => ({ command, rank: rankMatch(text, command.label) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ command }) => command);
  return [...moments, ...ranked].slice(0, MOST);
}

/** 'yesterday 17:40', or with a camera's name before or after it. */
function momentCommands(
  text: string,
  cameras: ReadonlyArray<Pick<CameraView, 'id' | 'name'>>,
  nowEpochMs: number,
): Command[] {
  const lower = text.toLowerCase();
  const camera = cameras.find(({ name }) => lower.includes(name.toLowerCase()));
  const rest = camera ? lower.replace(camera.name.toLowerCase(), ' ') : lower;
  const at = parseMoment(rest, nowEpochMs);
  if (at === null) return [];
  const query = camera ? `camera=${camera.id}&at=${at}` : `at=${at}`;
  return [
    {
      id: 'moment',
      label: `${camera ? `${camera.name}, ` : ''}${formatMoment(at, nowEpochMs)}`,
      kind: t`Open in archive`,
      icon: Clock,
      run: () => navigate(`/archive?${query}`),
    },
  ];
}

/** 'front people blue yesterday evening': two words or more may be a search of events. */
function searchCommands(text: string, cameras: readonly NamedCamera[], nowEpochMs: number): Command[] {
  const found = parseSearch(text, { cameras, places: placesOf(cameras) }, nowEpochMs);
  const isSearch = found.words.length > 0 && text.trim().includes(' ');
  if (!isSearch) return [];
  return [
    {
      id: 'search-events',
      label: t`Search events for “${text.trim()}”`,
      kind: t`Events`,
      icon: Search,
      run: () =>
        navigate(
          `/events?${buildFilterQuery({ ...parseFilters(new URLSearchParams()), ...found, level: 'everything' })}`,
        ),
    },
  ];
}

function pageCommands(): Command[] {
  return [
    ...DESTINATIONS.map(
      ({ path, label, icon, role }): Command => ({
        id: `page-${label}`,
        label,
        kind: t`Page`,
        icon,
        role,
        run: () => navigate(path),
      }),
    ),
    {
      id: 'page-Cameras',
      label: t`Cameras`,
      kind: t`Page`,
      icon: Cctv,
      role: 'administrator',
      run: () => navigate('/cameras'),
    },
  ];
}

function cameraCommands(cameras: ReadonlyArray<Pick<CameraView, 'id' | 'name'>>): Command[] {
  return cameras.flatMap(({ id, name }) => [
    { id: `live-${id}`, label: name, kind: t`Live`, icon: Cctv, run: () => navigate(`/live?camera=${id}`) },
    {
      id: `archive-${id}`,
      label: t`${name}: archive`,
      kind: t`Archive`,
      icon: History,
      role: 'operator',
      run: () => navigate(`/archive?camera=${id}`),
    },
    {
      id: `camera-${id}`,
      label: t`${name}: lines, zones, settings`,
      kind: t`Camera`,
      icon: Cctv,
      role: 'administrator',
      run: () => navigate(`/cameras/${id}`),
    },
  ]);
}

function actionCommands(): Command[] {
  const { desktop } = window;
  return [
    ...(desktop
      ? [
          {
            id: 'new-window',
            label: t`Open this page in a new window`,
            kind: t`Command`,
            icon: AppWindow,
            run: () => void desktop.openWindow(location.hash.slice(1)).catch(showProblem),
          },
        ]
      : []),
    {
      id: 'add-camera',
      label: t`Add camera`,
      kind: t`Command`,
      icon: Plus,
      role: 'administrator',
      run: () => navigate('/cameras/new'),
    },
    {
      id: 'find-cameras',
      label: t`Find cameras in the network`,
      kind: t`Command`,
      icon: Radar,
      role: 'administrator',
      run: () => navigate('/cameras/find'),
    },
    {
      id: 'theme-light',
      label: t`Appearance: light`,
      kind: t`Command`,
      icon: Sun,
      run: () => setTheme('light'),
    },
    {
      id: 'theme-dark',
      label: t`Appearance: dark`,
      kind: t`Command`,
      icon: Moon,
      run: () => setTheme('dark'),
    },
    {
      id: 'sign-out',
      label: t`Sign out`,
      kind: t`Command`,
      icon: LogOut,
      run: () => void useSession.getState().signOut().catch(showProblem),
    },
  ];
}
