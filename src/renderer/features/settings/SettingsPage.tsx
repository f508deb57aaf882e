/** Settings in groups: the program itself, users, models, alerts, doors, keys for other programs, what is told to them, and settings as files. */

import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ChevronRight, LogOut } from 'lucide-react';
import { useState } from 'react';
import { useCameras } from '../../client/cameras-store.ts';
import { chooseLanguage, LANGUAGES, storedLanguage } from '../../client/language.ts';
import { Link, navigate, usePlace } from '../../client/router.tsx';
import { setTheme, THEMES, useTheme } from '../../client/theme.ts';
import { Button } from '../../ui/Button.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Segments, Tabs } from '../../ui/Tabs.tsx';
import { showProblem } from '../../ui/Toast.tsx';
import { useSession } from '../session/session-store.ts';
import { AlertsSection } from './AlertsSection.tsx';
import { AuditSection } from './AuditSection.tsx';
import { EvidenceKeySection } from './EvidenceKeySection.tsx';
import { CamlyticsKeysSection } from './integrations/CamlyticsKeysSection.tsx';
import { CamlyticsWebhooksSection } from './integrations/CamlyticsWebhooksSection.tsx';
import { DeliveriesSection } from './integrations/DeliveriesSection.tsx';
import { EmbedKeysSection } from './integrations/EmbedKeysSection.tsx';
import { FaceterKeysSection } from './integrations/FaceterKeysSection.tsx';
import { HooksSection } from './integrations/HooksSection.tsx';
import { OAuthClientsSection } from './integrations/OAuthClientsSection.tsx';
import { UploadTokenSection } from './integrations/UploadTokenSection.tsx';
import { ModelsSection } from './ModelsSection.tsx';
import { NetworkSection } from './network/NetworkSection.tsx';
import { NotificationsSection } from './notifications/NotificationsSection.tsx';
import { SitesSection } from './places/SitesSection.tsx';
import { ReaderClocksSection } from './ReaderClocksSection.tsx';
import { ReadersSection } from './ReadersSection.tsx';
import styles from './SettingsPage.module.css';
import { BackupSection } from './system/BackupSection.tsx';
import { ConfigurationSection } from './system/ConfigurationSection.tsx';
import { DiagnosticsSection } from './system/DiagnosticsSection.tsx';
import { TokensSection } from './TokensSection.tsx';
import { UsersSection } from './users/UsersSection.tsx';

const THEME_WORDS = { system: t`As the system`, light: t`Light`, dark: t`Dark` };

export function SettingsPage() {
  const { query } = usePlace();
  const asked = query.get('tab');
  const tab = GROUPS.find(({ value }) => value === asked)?.value ?? 'general';
  return (
    <Page title={t`Settings`} width="read">
      <Tabs
        label={t`Settings`}
        value={tab}
        onValue={(value) => navigate(`/settings?tab=${value}`, { replace: true })}
        tabs={GROUPS.map(({ value, label, content }) => ({
          value,
          label,
          content: <div className={styles.sections}>{content}</div>,
        }))}
      />
    </Page>
  );
}

const GROUPS = [
  {
    value: 'general',
    label: t`General`,
    content: (
      <>
        <CamerasSection />
        <SitesSection />
        <AppearanceSection />
        <LanguageSection />
        <AccountSection />
        <AboutSection />
      </>
    ),
  },
  { value: 'users', label: t`Users`, content: <UsersSection /> },
  { value: 'models', label: t`Models`, content: <ModelsSection /> },
  {
    value: 'alerts',
    label: t`Alerts`,
    content: (
      <>
        <AlertsSection />
        <NotificationsSection />
      </>
    ),
  },
  {
    value: 'doors',
    label: t`Doors`,
    content: (
      <>
        <ReadersSection />
        <ReaderClocksSection />
      </>
    ),
  },
  {
    value: 'evidence',
    label: t`Evidence`,
    content: (
      <>
        <EvidenceKeySection />
        <AuditSection />
      </>
    ),
  },
  {
    value: 'keys',
    label: t`Keys`,
    content: (
      <>
        <TokensSection />
        <OAuthClientsSection />
        <FaceterKeysSection />
        <CamlyticsKeysSection />
        <UploadTokenSection />
        <EmbedKeysSection />
      </>
    ),
  },
  {
    value: 'deliveries',
    label: t`Hooks`,
    content: (
      <>
        <HooksSection />
        <CamlyticsWebhooksSection />
        <DeliveriesSection />
      </>
    ),
  },
  { value: 'network', label: t`Network`, content: <NetworkSection /> },
  {
    value: 'system',
    label: t`System`,
    content: (
      <>
        <ConfigurationSection />
        <BackupSection />
        <DiagnosticsSection />
      </>
    ),
  },
] as const;

function CamerasSection() {
  const cameras = useCameras((state) => state.cameras);
  return (
    <Section title={t`Cameras`} note={t`Addresses, lines and zones, recording and analysis of each camera.`}>
      <Link to="/cameras" className={styles.go}>
        <span>
          {cameras === null
            ? t`All cameras`
            : plural(cameras.length, { one: '# camera', other: '# cameras' })}
        </span>
        <ChevronRight size={16} aria-hidden="true" />
      </Link>
    </Section>
  );
}

function AppearanceSection() {
  const theme = useTheme((state) => state.theme);
  return (
    <Section title={t`Appearance`} note={t`Kept in this browser.`}>
      <Segments
        label={t`Appearance`}
        value={theme}
        options={THEMES.map((value) => ({ value, label: THEME_WORDS[value] }))}
        onValue={(value) => setTheme(THEMES.find((one) => one === value) ?? 'system')}
      />
    </Section>
  );
}

function LanguageSection() {
  const languages = Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }));
  return (
    <Section title={t`Language`} note={t`Kept in this browser. Another choice loads the page anew.`}>
      <Segments
        label={t`Language`}
        value={storedLanguage()}
        options={[{ value: 'system', label: t`As the system` }, ...languages]}
        onValue={chooseLanguage}
      />
    </Section>
  );
}

function AboutSection() {
  const version = useSession((state) => state.view?.version ?? '');
  return (
    <Section title={t`About`}>
      <Facts
        rows={[
          ['Threshold NVR', t`Version ${version}`],
          [
            t`Interfaces for programs`,
            <a key="docs" href="/docs" target="_blank" rel="noreferrer">
              <Trans>Documentation</Trans>
            </a>,
          ],
          [
            t`Health for monitoring`,
            <a key="metrics" href="/metrics" target="_blank" rel="noreferrer">
              <Trans>/metrics</Trans>
            </a>,
          ],
        ]}
      />
    </Section>
  );
}

function AccountSection() {
  const email = useSession((state) => state.view?.email ?? '');
  const [busy, setBusy] = useState(false);
  return (
    <Section
      title={t`Account`}
      note={t`Signed in as ${email}. Recording goes on when you sign out.`}
      actions={
        <Button
          icon={LogOut}
          busy={busy}
          onClick={() => {
            setBusy(true);
            useSession
              .getState()
              .signOut()
              .catch(showProblem)
              .finally(() => setBusy(false));
          }}
        >
          <Trans>Sign out</Trans>
        </Button>
      }
    >
      {null}
    </Section>
  );
}
