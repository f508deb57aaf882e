/** Keys with which video platforms use the Faceter interface. */
import { placesApi } from '../../../client/places-api.ts';
import { NamedKeysSection } from './NamedKeysSection.tsx';

export function FaceterKeysSection() {
  return (
    <NamedKeysSection
      title="Faceter keys"
      note="For video platforms that read cameras, events and clips with X-Integration-Key."
      empty="None yet. Nobody can use the Faceter interface."
      keyLabel="Integration key"
      dialog={{
        title: 'New Faceter key',
        description: 'Name it after the program that will use it.',
        placeholder: 'Video platform',
      }}
      loss="The program that uses it is shut out at once, from live streams too. It needs a new key to come back."
      resourceKey="integration-keys"
      list={placesApi.integrationKeys}
      add={placesApi.addIntegrationKey}
      remove={placesApi.deleteIntegrationKey}
    />
  );
}
