/** Keys with which video platforms use the Faceter interface. */
import { t } from '@lingui/core/macro';
import { placesApi } from '../../../client/places-api.ts';
import { NamedKeysSection } from './NamedKeysSection.tsx';

export function FaceterKeysSection() {
  return (
    <NamedKeysSection
      title={t`Faceter keys`}
      note={t`For video platforms that read cameras, events and clips with X-Integration-Key.`}
      empty={t`None yet. Nobody can use the Faceter interface.`}
      keyLabel={t`Integration key`}
      dialog={{
        title: t`New Faceter key`,
        description: t`Name it after the program that will use it.`,
        placeholder: t`Video platform`,
      }}
      loss={t`The program that uses it is shut out at once, from live streams too. It needs a new key to come back.`}
      resourceKey="integration-keys"
      list={placesApi.integrationKeys}
      add={placesApi.addIntegrationKey}
      remove={placesApi.deleteIntegrationKey}
    />
  );
}
